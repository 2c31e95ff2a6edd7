import type { Paths } from '../config/paths';
import type { MachineIdentity } from '../machines/identity';
import type { ExportHeader, ExportTrailer } from '../records/export-frame';
import { RECORD_VERSION } from '../records/record';
import { findRecord } from './find-record';
import { readStretch, stretchesAfter } from './read';

export interface ExportOptions {
  paths: Paths;
  identity: MachineIdentity;
  programVersion: string;
  /** The id of the last record that the receiver has. */
  after: string | undefined;
}

const LINE_FEED = 10;

/**
 * Header, records, trailer, as bytes. An unknown cursor starts anew, and the header says so. What is
 * appended meanwhile is left for the next time.
 */
export function* exportRecords(options: ExportOptions): Generator<Buffer, ExportTrailer> {
  const { paths, identity, after } = options;
  const position = after === undefined ? undefined : findRecord(paths, after);
  const header: ExportHeader = {
    type: 'export_start',
    v: RECORD_VERSION,
    program: 'coffee-roadmap',
    program_version: options.programVersion,
    machine_id: identity.machine_id,
    label: identity.label,
    after: after ?? null,
    after_found: after === undefined || position !== undefined,
  };
  yield line(header);
  let records = 0;
  let last: Buffer = Buffer.alloc(0);
  for (const stretch of stretchesAfter(paths, position)) {
    for (const piece of readStretch(stretch)) {
      records += countLines(piece);
      last = lastLine(last, piece);
      yield Buffer.from(piece); // its memory is used again for the next one
    }
  }
  const trailer: ExportTrailer = {
    type: 'export_end',
    records,
    last_id: idOf(last) ?? (position === undefined ? null : (after ?? null)),
  };
  yield line(trailer);
  return trailer;
}

const line = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

function countLines(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}

/** The last whole line so far, with what has come of the next one. */
function lastLine(before: Buffer, piece: Buffer): Buffer {
  const end = piece.lastIndexOf(LINE_FEED);
  const start = end < 0 ? -1 : piece.lastIndexOf(LINE_FEED, end - 1);
  if (start >= 0) return Buffer.from(piece.subarray(start + 1));
  const both = Buffer.concat([before, piece]);
  const previous = both.lastIndexOf(LINE_FEED, both.lastIndexOf(LINE_FEED) - 1);
  return previous < 0 ? both : both.subarray(previous + 1);
}

function idOf(text: Buffer): string | undefined {
  const end = text.lastIndexOf(LINE_FEED);
  try {
    const value = JSON.parse(text.toString('utf8', 0, end < 0 ? 0 : end)) as { id?: unknown };
    return typeof value.id === 'string' ? value.id : undefined;
  } catch {
    return undefined;
  }
}
