import type { Session } from '../../db/session';
import { reallocate, type AllocatedDay } from '../allocation/reallocate';
import { inTransaction } from './in-transaction';
import { KnowledgeByMachine } from './knowledge';
import {
  countStaleDays,
  holdTime,
  listKnownDays,
  listRepositories,
  listSaid,
  saveDays,
  type KnownDay,
} from './queries';
import { readDay, type DayEvents, type FoundStreams } from './read-day';

/** Days that are computed in one transaction, while imports of the same person wait. */
const MOST_DAYS = 32;

export interface RecomputeOptions {
  /** Called after each transaction. */
  onProgress?: (done: { days: number; of: number }) => void;
}

/**
 * Computes the caller's stale days, and those after them that begin otherwise than before; the result
 * is what computing all of them gives. How many days were computed.
 */
export async function recompute(
  session: Session<'person'>,
  { onProgress }: RecomputeOptions = {},
): Promise<number> {
  let days = 0;
  const of = await countStaleDays(session);
  if (of === 0) return 0;
  for (;;) {
    const computed = await inTransaction(session, computeSome);
    if (computed === 0) return days;
    days += computed;
    onProgress?.({ days, of: Math.max(of, days) });
  }
}

async function computeSome(session: Session<'person'>): Promise<number> {
  await holdTime(session);
  const listed = await listKnownDays(session);
  const stale = listed.filter((day) => day.stale);
  if (stale.length === 0) return 0;
  // Beyond the next stale day nothing is known to begin as it did.
  const end = stale[MOST_DAYS]?.day ?? Infinity;
  const within = listed.filter(({ day }) => day < end);
  const known = new Map(within.map((day) => [day.day, day]));
  const knowledge = new KnowledgeByMachine({
    said: await listSaid(session),
    repositories: await listRepositories(session),
  });
  const found: FoundStreams = new Map();
  const read = new Map<number, DayEvents>();
  const { days, recomputed } = await reallocate({
    kept: keptDays(within),
    changed: within.filter((day) => day.stale).map(({ day }) => day),
    occupied: within.filter(({ hasEvents }) => hasEvents).map(({ day }) => day),
    eventsOf: async (day) => {
      const events = await readDay(session, day, knowledge, found);
      read.set(day, events);
      return events.events;
    },
  });
  const saved = recomputed.filter((day) => day < end);
  await saveDays(
    session,
    saved.map((day) => ({
      day,
      version: known.get(day)?.version ?? '0',
      hasEvents: known.get(day)?.hasEvents ?? false,
      dependsOn: read.get(day)?.dependsOn ?? [],
      allocated: days.get(day),
    })),
  );
  return saved.length;
}

function keptDays(days: readonly KnownDay[]): Map<number, AllocatedDay> {
  const kept = new Map<number, AllocatedDay>();
  for (const { day, stale, before, after } of days) {
    if (stale || before === null || after === null) continue;
    // Their intervals stay where they are.
    kept.set(day, { before, after, direct: [], delegated: [], cutTimers: [] });
  }
  return kept;
}
