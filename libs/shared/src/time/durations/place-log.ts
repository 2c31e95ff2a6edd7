import type { Span } from '../intervals/interval';
import { union } from '../intervals/measure';

/**
 * Where a log lies that says only how long: it ends at `endsAt`, or before the logs that lie there
 * already, so that two logs of one evening do not cover each other. All in milliseconds.
 */
export function placeLog(durationMs: number, endsAt: number, logs: Iterable<Span>): Span {
  let to = endsAt;
  for (const taken of union(logs).reverse()) {
    if (taken.from < to && to - durationMs < taken.to) to = taken.from;
  }
  return { from: to - durationMs, to };
}
