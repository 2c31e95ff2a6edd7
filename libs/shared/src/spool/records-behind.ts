import type { Paths } from '../config/paths';
import { findRecord } from './find-record';
import { readStretch, stretchesAfter } from './read';

const LINE_FEED = 10;
const MOST_KEPT = 32;
const kept = new Map<string, number>();

/** Records behind the cursor; all where there is none, or it is unknown here. Counted anew only where something changed. */
export function recordsBehind(paths: Paths, cursor: string | undefined): number {
  const all = stretchesAfter(paths);
  const key = JSON.stringify([paths.data, cursor, all.at(-1)?.segment, all.at(-1)?.to]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const position = cursor === undefined ? undefined : findRecord(paths, cursor);
  let count = 0;
  for (const stretch of position === undefined ? all : stretchesAfter(paths, position))
    for (const piece of readStretch(stretch))
      for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1))
        count += 1;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, count);
  return count;
}
