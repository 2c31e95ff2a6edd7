import { rmSync } from 'node:fs';
import type { Paths } from '../config/paths';
import { addCounts, NO_COUNTS, type ImportCounts } from '../imports/import-counts';
import { readTexts, takeTexts } from './outbox';
import { findTextSetting } from './setting';

/**
 * Hands over the texts that wait, if they may go to that place, and removes what was taken. What fails
 * stays for the next time. Gives what the receiver said.
 */
export async function sendTexts(
  paths: Paths,
  place: string | undefined,
  send: (lines: Buffer) => Promise<ImportCounts>,
): Promise<ImportCounts> {
  let counts = NO_COUNTS;
  if (place === undefined || findTextSetting(paths)?.to.includes(place) !== true) return counts;
  for (const file of takeTexts(paths)) {
    for (const lines of readTexts(file)) counts = addCounts(counts, await send(lines));
    rmSync(file, { force: true });
  }
  return counts;
}
