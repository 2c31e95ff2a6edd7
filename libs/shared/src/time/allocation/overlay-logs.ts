import type { LogEvent } from '../events/time-event';
import { clip, without } from '../intervals/cut';
import { compareIntervals, type Interval, type Span } from '../intervals/interval';
import { union } from '../intervals/measure';

/**
 * What people logged afterwards takes the place of what was measured, and the log that was recorded
 * last that of earlier ones: nothing is counted twice. `direct` is sorted and disjoint; so is the
 * result, within `within`.
 */
export function overlayLogs(
  direct: readonly Interval[],
  logs: readonly LogEvent[],
  within: Span,
): Interval[] {
  if (logs.length === 0) return [...direct];
  const newestFirst = [...logs].sort(
    (a, b) => b.recordedAt - a.recordedAt || (a.id < b.id ? 1 : -1),
  );
  let taken: Span[] = [];
  const found: Interval[] = [];
  for (const log of newestFirst) {
    const parts = without(intervalOf(log), taken);
    found.push(...clip(parts, within));
    taken = union([...taken, ...parts]);
  }
  // Both lists are sorted: each interval looks only at the holes from where the last one stood.
  let first = 0;
  for (const interval of direct) {
    while (first < taken.length && taken[first]!.to <= interval.from) first += 1;
    found.push(...without(interval, first === 0 ? taken : taken.slice(first)));
  }
  return found.sort(compareIntervals);
}

function intervalOf({ at, until, stream, issue, machine }: LogEvent): Interval {
  return { from: at, to: until, by: 'log', stream, issue, machine, session: null };
}
