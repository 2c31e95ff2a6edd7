import type { Span } from './interval';

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
