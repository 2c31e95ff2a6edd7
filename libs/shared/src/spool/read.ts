import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Paths } from '../config/paths';
import { listSegments, wholeLines, type SpoolPosition } from './segments';

const CHUNK = 1 << 20;

/** A stretch of one segment: whole lines. */
export interface Stretch {
  segment: number;
  file: string;
  from: number;
  to: number;
}

/** What stands behind a place in the spool at this moment, whole lines only. */
export function stretchesAfter(paths: Paths, after?: SpoolPosition): Stretch[] {
  return listSegments(paths).flatMap(({ number, file }) => {
    if (after !== undefined && number < after.segment) return [];
    const from = after !== undefined && number === after.segment ? after.bytes : 0;
    const handle = openSync(file, 'r');
    try {
      const to = wholeLines(handle, fstatSync(handle).size);
      return to > from ? [{ segment: number, file, from, to }] : [];
    } finally {
      closeSync(handle);
    }
  });
}

/** The bytes of a stretch, a megabyte at a time; each piece is good until the next is asked for. */
export function* readStretch({ file, from, to }: Stretch): Generator<Buffer> {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK);
  try {
    for (let at = from; at < to;) {
      const read = readSync(handle, chunk, 0, Math.min(CHUNK, to - at), at);
      if (read === 0) return;
      at += read;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(handle);
  }
}

/** Each line of the stretches without its line feed. */
export function* readLines(stretches: readonly Stretch[]): Generator<Buffer> {
  for (const stretch of stretches) {
    let rest = Buffer.alloc(0);
    for (const piece of readStretch(stretch)) {
      const text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let from = 0;
      for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, from)) {
        yield text.subarray(from, end);
        from = end + 1;
      }
      rest = Buffer.from(text.subarray(from));
    }
  }
}
