import type { Paths } from '../config/paths';
import type { SpoolPosition } from './segments';
import { readStretch, stretchesAfter } from './read';

/**
 * The place behind the first record with this id; undefined where there is none. The first, because
 * whoever has a later copy of it may not have what stands between.
 */
export function findRecord(paths: Paths, id: string): SpoolPosition | undefined {
  const needle = Buffer.from(`{"v":1,"id":${JSON.stringify(id)},`);
  for (const stretch of stretchesAfter(paths)) {
    let held = Buffer.alloc(0);
    let at = stretch.from; // of held[0]
    let found = -1;
    for (const piece of readStretch(stretch)) {
      const text = held.length === 0 ? piece : Buffer.concat([held, piece]);
      if (found < 0) found = lineStart(text, needle, at === stretch.from);
      const end = found < 0 ? -1 : text.indexOf(10, found);
      if (end >= 0) return { segment: stretch.segment, bytes: at + end + 1 };
      // What may be the beginning of it, or the line whose end has not come yet.
      const keep = found < 0 ? Math.max(0, text.length - needle.length - 1) : found;
      held = Buffer.from(text.subarray(keep));
      at += keep;
      if (found >= 0) found = 0;
    }
  }
  return undefined;
}

function lineStart(text: Buffer, needle: Buffer, atBeginning: boolean): number {
  for (let from = 0; ;) {
    const found = text.indexOf(needle, from);
    if (found < 0 || (found === 0 && atBeginning) || (found > 0 && text[found - 1] === 10))
      return found;
    from = found + 1;
  }
}
