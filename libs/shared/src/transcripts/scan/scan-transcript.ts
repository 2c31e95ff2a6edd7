import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { checksumAt } from './checksum';
import type { LineRecords } from './line-records';
import { shortenStrings } from './shorten-strings';
import type { TranscriptState } from './transcript-state';

const CHUNK = 1 << 20;
/** Of a longer line the long texts are left out; one that fills half of this without them is passed over. */
export const MAX_LINE = 16 << 20;
const HEAD = 1024;
const TAIL = 256;
const LINE_FEED = 10;

export interface ScannedSlice {
  state: TranscriptState;
  bytes: number;
  /** More stands behind. */
  more: boolean;
  /** What was read before is gone: it began from the start. */
  replaced: boolean;
  /** Offsets of lines too long to be read. */
  tooLong: number[];
  /** Offsets of lines of which long texts were left out: their numbers count, phrases in those do not. */
  shortened: number[];
}

let buffer: Buffer = Buffer.allocUnsafeSlow(CHUNK);

/**
 * Reads complete lines of a transcript from where `before` ended, at most about `limit` bytes, and hands
 * them to `records`, none from `upTo` on. The file is opened for reading alone. Throws what the file system says.
 */
export function scanTranscript(
  file: string,
  before: TranscriptState | undefined,
  records: LineRecords,
  limit: number,
  upTo = Infinity,
): ScannedSlice {
  const handle = openSync(file, 'r');
  try {
    const { ino, size, mtimeMs } = fstatSync(handle);
    const goesOn = before !== undefined && isSameFile(handle, size, before);
    const start = goesOn ? before.offset : 0;
    records.begin(
      agentIdOf(file),
      goesOn ? before.recent : [],
      goesOn ? before.session : undefined,
    );
    const { offset, tooLong, shortened, more } = readLines(handle, { start, limit, upTo }, records);
    const { recent, session } = records.finish();
    const headLength = Math.min(offset, HEAD);
    const state: TranscriptState = {
      offset,
      ...(more ? {} : { size }),
      inode: ino,
      modifiedMs: mtimeMs,
      head: checksumAt(handle, 0, headLength) ?? '',
      headLength,
      tail: checksumAt(handle, Math.max(0, offset - TAIL), Math.min(offset, TAIL)) ?? '',
      recent,
      session,
    };
    const replaced = before !== undefined && !goesOn;
    return { state, bytes: offset - start, more, replaced, tooLong, shortened };
  } finally {
    if (buffer.length > CHUNK) buffer = Buffer.allocUnsafeSlow(CHUNK);
    closeSync(handle);
  }
}

/** The bytes decide, not the inode: a file that was copied back goes on where it was. */
function isSameFile(handle: number, size: number, before: TranscriptState): boolean {
  if (size < before.offset) return false;
  const { offset, head, headLength, tail } = before;
  return (
    (checksumAt(handle, 0, headLength) ?? '') === head &&
    (checksumAt(handle, Math.max(0, offset - TAIL), Math.min(offset, TAIL)) ?? '') === tail
  );
}

function readLines(
  handle: number,
  { start, limit, upTo }: { start: number; limit: number; upTo: number },
  records: LineRecords,
): Pick<ScannedSlice, 'tooLong' | 'shortened' | 'more'> & { offset: number } {
  const tooLong: number[] = [];
  const shortened: number[] = [];
  let offset = start; // of what buffer[0] holds
  let have = 0;
  let left = 0; // bytes of the first line that were left out
  let skipping = false;
  for (;;) {
    if (have === buffer.length) {
      if (have < MAX_LINE) buffer = enlarge(buffer);
      else {
        const short = skipping ? have : shortenStrings(buffer, have);
        if (short <= MAX_LINE / 2) left += have - short;
        else {
          if (!skipping) tooLong.push(offset);
          skipping = true;
          offset += have + left;
          left = 0;
        }
        have = short <= MAX_LINE / 2 ? short : 0;
      }
    }
    const at = offset + left + have;
    // Not more at once, so that of a large buffer only what a line needs is ever touched.
    const room = Math.min(buffer.length - have, CHUNK, upTo - at);
    const read = room > 0 ? readSync(handle, buffer, have, room, at) : 0;
    if (read === 0) {
      const end = skipping ? tooLong.pop()! : offset;
      return { offset: end, tooLong, shortened, more: false };
    }
    const seen = have;
    have += read;
    const filled = buffer.subarray(0, have);
    let from = 0;
    let search = seen;
    for (;;) {
      const end = filled.indexOf(LINE_FEED, search);
      if (end < 0) break;
      if (skipping) skipping = false;
      else {
        if (left > 0) shortened.push(offset);
        records.take(buffer, from, end);
      }
      offset += left;
      left = 0;
      from = search = end + 1;
    }
    buffer.copyWithin(0, from, have);
    offset += from;
    have -= from;
    if (from > 0 && offset - start >= limit) return { offset, tooLong, shortened, more: true };
  }
}

/** At once to the largest: what is never written to takes no memory, and the smaller one goes late. */
function enlarge(full: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(MAX_LINE);
  full.copy(larger);
  return larger;
}

/** `agent-<id>.jsonl`, wherever it lies, is a sub-agent's. */
export function agentIdOf(file: string): string | undefined {
  return /^agent-(.+)\.jsonl$/.exec(path.basename(file))?.[1];
}
