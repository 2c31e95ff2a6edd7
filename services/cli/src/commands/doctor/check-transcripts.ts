import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { findIdentity, isCopied } from '@coffee-roadmap/shared/machines/identity';
import { watcherOf } from '@coffee-roadmap/shared/transcripts/collect/collector-lock';
import { JournalFile } from '@coffee-roadmap/shared/transcripts/collect/journal';
import { findRoots } from '@coffee-roadmap/shared/transcripts/find-roots';
import { listTranscripts } from '@coffee-roadmap/shared/transcripts/list-transcripts';
import { judgeRetention, type Retention } from '@coffee-roadmap/shared/transcripts/retention';
import { count } from '../../words';
import type { Finding } from './finding';

/** Whether this machine has an identity that is its own; none is no fault of a machine that only reads. */
export function checkIdentity({ paths }: Config): Finding[] {
  const check = 'machine';
  try {
    const identity = findIdentity(paths);
    if (identity === undefined) return [];
    const message = `${identity.label} (${identity.machine_id})`;
    if (!isCopied(paths, identity)) return [{ check, state: 'ok', message }];
    return [
      {
        check,
        state: 'warn',
        message: `${message} was made on other hardware: this home looks copied`,
        hint: 'coffee-roadmap init --new for a machine of its own, or init --keep',
      },
    ];
  } catch (error) {
    return [{ check, state: 'fail', message: messageOf(error), hint: hintOf(error) }];
  }
}

/** How long Claude Code keeps transcripts, and what would be lost. */
export function checkTranscripts(config: Config, now: number): Finding[] {
  const check = 'transcripts';
  try {
    const roots = findRoots(config.env);
    const { files } = listTranscripts(roots);
    if (files.length === 0) return [];
    const identity = findIdentity(config.paths);
    const read =
      identity === undefined
        ? new Map<string, { offset: number; modifiedMs: number }>()
        : new JournalFile(config.paths).load(identity.machine_id, { repair: false }).files;
    const retention = judgeRetention(roots, files, read);
    const watched = watcherOf(config.paths) !== undefined;
    return [{ check, ...judge(retention, identity !== undefined, watched, now) }];
  } catch (error) {
    return [{ check, state: 'warn', message: messageOf(error), hint: hintOf(error) }];
  }
}

function judge(
  { days, transcripts, unread, firstLossAt, onlyHere }: Retention,
  known: boolean,
  watched: boolean,
  now: number,
): Omit<Finding, 'check'> {
  const rule = `Claude Code deletes transcripts after ${count(days, 'day')} (cleanupPeriodDays)`;
  if (firstLossAt === null || watched) {
    const kept = onlyHere === 0 ? '' : `, ${onlyHere} more are in the spool alone`;
    return { state: 'ok', message: `${rule}; all ${transcripts} are collected${kept}` };
  }
  const when =
    firstLossAt.getTime() <= now ? 'any time now' : `on ${firstLossAt.toISOString().slice(0, 10)}`;
  return {
    state: 'warn',
    message: `${rule}; ${unread} of ${transcripts} hold what is not collected, the first goes ${when}`,
    hint: `coffee-roadmap ${known ? 'collect' : 'init && coffee-roadmap collect'}; coffee-roadmap service install does it for good`,
  };
}

function hintOf(error: unknown): string | undefined {
  return error instanceof AppError ? error.hint : undefined;
}
