import { compareIntervals, keyOf, type Interval, type Span } from './interval';

/** The parts of the spans that lie within another. */
export function clip<S extends Span>(spans: Iterable<S>, within: Span): S[] {
  const parts: S[] = [];
  for (const span of spans) {
    if (span.from >= within.from && span.to <= within.to) {
      parts.push(span);
      continue;
    }
    const from = Math.max(span.from, within.from);
    const to = Math.min(span.to, within.to);
    if (from < to) parts.push({ ...span, from, to });
  }
  return parts;
}

/** What is left of a span where `holes`, sorted and disjoint, are taken out. */
export function without<S extends Span>(span: S, holes: readonly Span[]): S[] {
  const parts: S[] = [];
  let from = span.from;
  for (const hole of holes) {
    if (hole.to <= from) continue;
    if (hole.from >= span.to) break;
    if (hole.from > from) parts.push({ ...span, from, to: hole.from });
    from = hole.to;
  }
  if (from < span.to) parts.push(from === span.from ? span : { ...span, from });
  return parts;
}

/** Joins intervals that touch and differ in nothing but time; in the order of intervals. */
export function coalesce(intervals: Iterable<Interval>): Interval[] {
  const last = new Map<string, { from: number; to: number }>();
  const joined: Interval[] = [];
  for (const interval of [...intervals].sort(compareIntervals)) {
    const key = keyOf(interval);
    const before = last.get(key);
    if (before?.to === interval.from) {
      before.to = interval.to;
      continue;
    }
    const copy = { ...interval };
    last.set(key, copy);
    joined.push(copy);
  }
  return joined.sort(compareIntervals);
}
