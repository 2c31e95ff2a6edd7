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
 * refused one by one, those of a machine other than the header's as `forged`. Throws what importBatch does;
 * all batches before that are in.
 */
export async function importStream(
  reporter: Reporter,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: StreamOptions,
): Promise<StreamResult> {
  const { road, moveCursor = false, batch = 2_000, onProgress } = options;
  const machines = new Set<string>();
  let counts = NO_COUNTS;
  let header: ExportHeader | undefined;
  let ended = false;
  let machineId: string | undefined;
  let records: MachineRecord[] = [];
  let handedIn = 0;

  const refuse = (reason: string): void => {
    counts = addCounts(counts, { ...NO_COUNTS, refused: 1, reasons: { [reason]: 1 } });
  };
  const flush = async (): Promise<void> => {
    if (machineId === undefined || records.length === 0) return;
    const cursor = moveCursor && header ? records.at(-1)!.id : undefined;
    const { label, program_version: programVersion } = header ?? {};
    const found = await importBatch(reporter, {
      machineId,
      label,
      programVersion,
      road,
      cursor,
      records,
    });
    counts = addCounts(counts, found);
    handedIn += records.length;
    records = [];
    onProgress?.(handedIn);
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
      await flush();
      header = parsed.header;
      ended = false;
    } else if (parsed.kind === 'trailer') {
      ended = true;
    } else if (header !== undefined && parsed.machineId !== header.machine_id) {
      refuse('forged');
    } else {
      if (parsed.machineId !== machineId || records.length >= batch) await flush();
      machineId = parsed.machineId;
      machines.add(machineId);
      records.push(parsed.record);
    }
  }
  await flush();
  return { counts, machines: [...machines], complete: header === undefined || ended, header };
}

/** Throws `failed` where an export was cut off: what came is in, and a repetition brings the rest. */
export function requireComplete({ complete, counts }: StreamResult): void {
  if (complete) return;
  throw new AppError('failed', `the export was cut off after ${counts.inserted} new records`, {
    hint: 'What came is imported. Do it again for the rest.',
  });
}
