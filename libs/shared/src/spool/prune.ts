import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Paths } from '../config/paths';
import { AppError } from '../errors';
import { withLock } from './file-lock';
import { findRecord } from './find-record';
import { listSegments, spoolFolder } from './segments';

/**
 * Removes the segments that lie before every one of the cursors. The one that is written to stays.
 * Throws `conflict` for a cursor that the spool does not know: nothing says then what that receiver has.
 */
export function pruneSpool(
  paths: Paths,
  cursors: readonly string[],
): { segments: number; bytes: number } {
  if (cursors.length === 0) {
    throw new AppError('invalid_input', 'name the cursor of every receiver', {
      hint: 'coffee-roadmap machines shows them at each receiver.',
    });
  }
  return withLock(path.join(spoolFolder(paths), 'lock'), 'prune', () => {
    const places = cursors.map((cursor) => {
      const place = findRecord(paths, cursor);
      if (place !== undefined) return place.segment;
      throw new AppError('conflict', `the spool has no record ${cursor}`, {
        hint: 'That receiver has to pull once more before anything can go.',
      });
    });
    const first = Math.min(...places);
    const gone = listSegments(paths)
      .slice(0, -1)
      .filter(({ number }) => number < first);
    let bytes = 0;
    for (const { file } of gone) {
      bytes += statSync(file).size;
      rmSync(file);
    }
    return { segments: gone.length, bytes };
  });
}
