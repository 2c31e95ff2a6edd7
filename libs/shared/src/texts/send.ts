import { existsSync, rmSync } from 'node:fs';
import type { Paths } from '../config/paths';
import { addCounts, handedIn, NO_COUNTS, type ImportCounts } from '../imports/import-counts';
import { readTexts, takeTexts, waitingBytes } from './outbox';
import { settingInForce } from './setting';
import { forgetTooOld, isTooOld, noteTooOld } from './too-old';

export interface SentTexts {
  /** What the receiver said of those that it took or refused for themselves. */
  counts: ImportCounts;
  /** The receiver was made before there were texts: they go on waiting here. */
  kept: boolean;
}

/** How such a receiver refuses every one of them: a dashboard, a database. */
const UNKNOWN = ['unknown_type', 'type'];

/**
 * Hands over the texts that wait, if they may go to that place, and removes what was taken. What fails
 * stays for the next time, and so does what nobody there knows, which is tried again once a day. Turned off
 * meanwhile, no more goes.
 */
export async function sendTexts(
  paths: Paths,
  place: string | undefined,
  send: (lines: Buffer) => Promise<ImportCounts>,
  now = new Date(),
): Promise<SentTexts> {
  let counts = NO_COUNTS;
  const mayGo = () => settingInForce(paths)?.to.includes(place ?? '') === true;
  if (place === undefined || !mayGo()) return { counts, kept: false };
  if (isTooOld(paths, place, now)) return { counts, kept: waitingBytes(paths) > 0 };
  for (const file of takeTexts(paths)) {
    for (const lines of readTexts(file)) {
      // Turned off, or taken back.
      if (!mayGo() || !existsSync(file)) return { counts, kept: false };
      const said = await send(lines);
      if (isUnknown(said)) {
        noteTooOld(paths, place, now);
        return { counts, kept: true };
      }
      forgetTooOld(paths);
      counts = addCounts(counts, said);
    }
    rmSync(file, { force: true });
  }
  return { counts, kept: false };
}

function isUnknown(said: ImportCounts): boolean {
  const unknown = UNKNOWN.reduce((sum, reason) => sum + (said.reasons[reason] ?? 0), 0);
  return unknown > 0 && unknown === handedIn(said);
}
