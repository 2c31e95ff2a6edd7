import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TranscriptFile } from './list-transcripts';

/** What Claude Code itself takes when nothing is set. */
export const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;

export interface Retention {
  /** After so many days Claude Code deletes a transcript; the fewest of the roots. */
  days: number;
  transcripts: number;
  /** With lines that are in no spool yet. */
  unread: number;
  /** When the first of those goes; null where none is left. */
  firstLossAt: Date | null;
  /** Deleted already: what they said is in the spool alone. */
  onlyHere: number;
}

/** What would be lost, and what already would have been. `read`: how far each file is in the spool. */
export function judgeRetention(
  roots: readonly string[],
  files: readonly TranscriptFile[],
  read: ReadonlyMap<string, { offset: number; modifiedMs: number }>,
): Retention {
  const days = Math.min(...roots.map(daysOf), roots.length === 0 ? DEFAULT_DAYS : Infinity);
  const unread = files.filter(({ path: name, size, modifiedMs }) => {
    const known = read.get(name);
    // Half a line that nobody has gone on with since is all that there is.
    return known === undefined || (known.offset < size && known.modifiedMs !== modifiedMs);
  });
  const oldest = Math.min(...unread.map(({ modifiedMs }) => modifiedMs));
  const here = new Set(files.map(({ path: name }) => name));
  return {
    days,
    transcripts: files.length,
    unread: unread.length,
    firstLossAt: unread.length === 0 ? null : new Date(oldest + days * DAY_MS),
    onlyHere: [...read.keys()].filter((name) => !here.has(name)).length,
  };
}

/** `cleanupPeriodDays` of the settings beside the transcripts. */
function daysOf(root: string): number {
  try {
    const file = path.join(path.dirname(root), 'settings.json');
    const { cleanupPeriodDays: days } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      unknown
    >;
    return typeof days === 'number' && days >= 0 && days < 1e6 ? days : DEFAULT_DAYS;
  } catch {
    return DEFAULT_DAYS; // there are none, or they are no settings
  }
}
