import type { TimeEvent } from '../events/time-event';
import { allocateChunk, type Allocation } from './allocate';
import { DAY_MS } from './days';
import { DEFAULT_RULES, type AllocationRules } from './rules';
import { carry, emptyState, sameState, type AllocationState } from './state';

/** One person's UTC day, as it is kept. */
export interface AllocatedDay extends Allocation {
  readonly before: AllocationState;
  readonly after: AllocationState;
}

export interface Reallocation {
  /** Days since the epoch → their allocation. What was kept is left as it was. */
  readonly days: ReadonlyMap<number, AllocatedDay>;
  /** Days that were computed anew, in order; those that no longer are in `days` are to be deleted. */
  readonly recomputed: readonly number[];
}

export interface ReallocationInput {
  /** What is kept: empty to compute all of it; days before the one before the first change may be left out. */
  readonly kept: ReadonlyMap<number, AllocatedDay>;
  /** Days whose events are no longer those that `kept` was made of. */
  readonly changed: Iterable<number>;
  /** Every day that has events, as `daysOf` tells. */
  readonly occupied: Iterable<number>;
  /** A day's events as `allocateChunk` takes them. */
  readonly eventsOf: (day: number) => readonly TimeEvent[] | Promise<readonly TimeEvent[]>;
  readonly rules?: AllocationRules;
}

/**
 * Computes the changed days, and after each as many more as begin with another state than before;
 * the result is the one that computing all days gives. Whole days only: what is open on the last day
 * is credited to its end or its limit, so a report clips at the present.
 */
export async function reallocate(input: ReallocationInput): Promise<Reallocation> {
  const { kept, eventsOf, rules = DEFAULT_RULES } = input;
  const occupied = new Set(input.occupied);
  const changed = new Set(input.changed);
  for (const day of occupied) if (!kept.has(day)) changed.add(day);
  const days = new Map(kept);
  const recomputed: number[] = [];
  const queue = [...new Set([...occupied, ...kept.keys(), ...changed])].sort((a, b) => a - b);
  const lastChanged = Math.max(...changed);
  let next = queue.findIndex((day) => changed.has(day));
  let state = next > 0 ? kept.get(queue[next - 1]!)?.after : undefined;
  for (; next >= 0 && next < queue.length; next += 1) {
    const day = queue[next]!;
    const from = day * DAY_MS;
    const before = state === undefined ? emptyState(from) : carry(state, from, rules);
    const known = days.get(day);
    if (known !== undefined && !changed.has(day) && sameState(known.before, before)) {
      if (day > lastChanged) break;
      state = known.after;
      continue;
    }
    const events = occupied.has(day) ? await eventsOf(day) : [];
    const chunk = { before, ...allocateChunk(before, events, from + DAY_MS, rules) };
    recomputed.push(day);
    state = chunk.after;
    if (events.length > 0 || runsOn(before)) days.set(day, chunk);
    else days.delete(day);
    // What runs on over midnight is credited on a day that may have no events of its own.
    if (runsOn(state) && queue[next + 1] !== day + 1) queue.splice(next + 1, 0, day + 1);
  }
  return { days, recomputed };
}

function runsOn({ focus, timer }: AllocationState): boolean {
  return focus !== null || timer !== null;
}
