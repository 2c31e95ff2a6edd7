import type { LogEvent, TimeEvent } from '../events/time-event';
import type { Interval } from '../intervals/interval';
import { DelegatedTime } from './delegated-time';
import { DirectTime } from './direct-time';
import { overlayLogs } from './overlay-logs';
import { DEFAULT_RULES, type AllocationRules } from './rules';
import { carry, emptyState, type AllocationState } from './state';

export interface Allocation {
  /** A person's own time: sorted, disjoint, one stream at a time. */
  readonly direct: readonly Interval[];
  /** Agents' time: each session for itself; several may cover one moment. */
  readonly delegated: readonly Interval[];
  /** Timers that nobody stopped before their limit, and when that was. */
  readonly cutTimers: readonly { issue: string; at: number }[];
}

export interface AllocatedChunk extends Allocation {
  /** What the next chunk begins with. */
  readonly after: AllocationState;
}

/**
 * One person's time from `before.settledAt` to `to`, over all of their machines. `events` are those
 * that took effect between the two (later ones are passed over), in the order of `compareEvents`, with every log that reaches into
 * it. An agent's interval may begin before the chunk, at the sign that the chunk's first one follows.
 */
export function allocateChunk(
  before: AllocationState,
  events: Iterable<TimeEvent>,
  to: number,
  rules: AllocationRules = DEFAULT_RULES,
): AllocatedChunk {
  const state = structuredClone(before);
  const direct = new DirectTime(state, rules);
  const delegated = new DelegatedTime(state, rules);
  const logs: LogEvent[] = [];
  for (const event of events) {
    if (event.at >= to) break;
    switch (event.effect) {
      case 'work':
        delegated.sign(event);
        break;
      case 'message':
        delegated.sign(event);
        direct.touch(event);
        break;
      case 'focus':
        direct.touch(event);
        break;
      case 'window':
        direct.window(event);
        break;
      case 'log':
        logs.push(event);
        break;
      case 'timer':
        direct.timer(event);
        break;
      default:
        direct[event.effect](event);
    }
  }
  direct.settle(to);
  state.agents = delegated.signs();
  return {
    direct: overlayLogs(direct.intervals, logs, { from: before.settledAt, to }),
    delegated: delegated.intervals,
    cutTimers: direct.cutTimers,
    after: carry(state, to, rules),
  };
}

/** All of one person's time up to `to`, from nothing. `events` as for `allocateChunk`. */
export function allocate(
  events: readonly TimeEvent[],
  to: number,
  rules: AllocationRules = DEFAULT_RULES,
): Allocation {
  const from = Math.min(events[0]?.at ?? to, to);
  const { direct, delegated, cutTimers } = allocateChunk(emptyState(from), events, to, rules);
  return { direct, delegated, cutTimers };
}
