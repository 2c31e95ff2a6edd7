import type { Interval, Span } from './interval';

/** The sum of the lengths in milliseconds; what two of them cover counts twice. */
export function totalLength(spans: Iterable<Span>): number {
  let total = 0;
  for (const { from, to } of spans) total += to - from;
  return total;
}

/** The spans' union, sorted and disjoint. */
export function union(spans: Iterable<Span>): Span[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from);
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of sorted) {
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

/** The length of the union in milliseconds: what several cover counts once. */
export function unionLength(spans: Iterable<Span>): number {
  return totalLength(union(spans));
}

/** Sums of lengths in milliseconds by key; the same interval may have several keys, or none. */
export function sumBy<K>(
  intervals: Iterable<Interval>,
  keysOf: (interval: Interval) => readonly K[],
): Map<K, number> {
  const sums = new Map<K, number>();
  for (const interval of intervals) {
    for (const key of keysOf(interval)) {
      sums.set(key, (sums.get(key) ?? 0) + interval.to - interval.from);
    }
  }
  return sums;
}
