import { AppError } from '../errors';
import type { ExportHeader } from '../records/export-frame';
import { parseLine } from '../records/parse-line';
import type { MachineRecord } from '../records/record';
import { addCounts, NO_COUNTS, type ImportCounts } from './import-counts';
import { importBatch, type Reporter } from './queries';
import { splitLines } from './split-lines';

export interface StreamOptions {
  /** As in a batch. */
  road: string;
  /** Whether the road's cursor moves with each batch; only where the stream is an export. */
  moveCursor?: boolean;
  /** Records in a batch. Default 2,000. */
  batch?: number;
  /** The one machine whose records may come; those of any other are refused as `forged`. */
  only?: string;
  /** For a machine that is new; default its own. */
  label?: string;
  /** Called for each line that is a record. */
  onRecord?: () => void;
  /** Called after each batch. */
  onProgress?: (records: number) => void;
}

export interface StreamResult {
  counts: ImportCounts;
  /** Machines whose records came. */
  machines: string[];
  /** False: an export began and its end is missing. What came is imported. */
  complete: boolean;
  header: ExportHeader | undefined;
}

/**
 * Imports NDJSON as it streams: an export with header and end, or bare records. Lines that are wrong are
 * refused one by one, those of a machine other than the header's as `forged`. While a batch is stored the
 * next one is read. Throws what importBatch does; all batches before that are in.
 */
export async function importStream(
  reporter: Reporter,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: StreamOptions,
): Promise<StreamResult> {
  const { road, moveCursor = false, batch = 2_000, only, onRecord, onProgress } = options;
  const machines = new Set<string>();
  const refused = new Map<string, number>();
  let counts = NO_COUNTS;
  let header: ExportHeader | undefined;
  let ended = false;
  let machineId: string | undefined;
  let records: MachineRecord[] = [];
  let handedIn = 0;
  let storing: Promise<void> = Promise.resolve();

  const refuse = (reason: string): void => {
    refused.set(reason, (refused.get(reason) ?? 0) + 1); // one may come for every line
  };
  const store = async (of: MachineRecord[], machine: string): Promise<void> => {
    const found = await importBatch(reporter, {
      machineId: machine,
      label: options.label ?? header?.label,
      programVersion: header?.program_version,
      road,
      cursor: moveCursor && header ? of.at(-1)!.id : undefined,
      records: of,
    });
    counts = addCounts(counts, found);
    handedIn += of.length;
    onProgress?.(handedIn);
  };
  const flush = async (): Promise<void> => {
    await storing;
    if (machineId === undefined || records.length === 0) return;
    storing = store(records, machineId);
    storing.catch(() => undefined); // whoever waits for it next hears it
    records = [];
  };

  for await (const line of splitLines(chunks)) {
    if (line === undefined) {
      refuse('too_long');
      continue;
    }
    if (line.length === 0) continue;
    const parsed = parseLine(line);
    if (parsed.kind === 'refused') {
      refuse(parsed.reason);
    } else if (parsed.kind === 'header') {
      if (only !== undefined && parsed.header.machine_id !== only) {
        refuse('forged');
        continue;
      }
      await flush();
      await storing;
      header = parsed.header;
      ended = false;
    } else if (parsed.kind === 'trailer') {
      ended = true;
    } else if (parsed.machineId !== (only ?? header?.machine_id ?? parsed.machineId)) {
      refuse('forged');
    } else {
      if (parsed.machineId !== machineId || records.length >= batch) await flush();
      machineId = parsed.machineId;
      machines.add(machineId);
      records.push(parsed.record);
      onRecord?.();
    }
  }
  await flush();
  await storing;
  const refusals = {
    ...NO_COUNTS,
    refused: [...refused.values()].reduce((sum, n) => sum + n, 0),
    reasons: Object.fromEntries(refused),
  };
  counts = addCounts(counts, refusals);
  return { counts, machines: [...machines], complete: header === undefined || ended, header };
}

/** Throws `failed` where an export was cut off: what came is in, and a repetition brings the rest. */
export function requireComplete({ complete, counts }: StreamResult): void {
  if (complete) return;
  throw new AppError('failed', `the export was cut off after ${counts.inserted} new records`, {
    hint: 'What came is imported. Do it again for the rest.',
  });
}
