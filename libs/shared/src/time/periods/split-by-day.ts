import type { Span } from '../intervals/interval';
import { addDays, type LocalDate } from './local-date';
import type { Zone } from './zone';

/** The parts of spans that lie in each local day, in the order of the spans. */
export function splitByDay<S extends Span>(
  spans: Iterable<S>,
  zone: Zone,
): { date: LocalDate; part: S }[] {
  const parts: { date: LocalDate; part: S }[] = [];
  // Spans come sorted, mostly: the day of the last one is likely the next one's.
  let date: LocalDate | undefined;
  for (const span of spans) {
    let from = span.from;
    if (
      date === undefined ||
      from < zone.startOfDay(date) ||
      from >= zone.startOfDay(addDays(date, 1))
    ) {
      date = zone.dateAt(from);
    }
    for (;;) {
      const to = Math.min(span.to, zone.startOfDay(addDays(date, 1)));
      if (from < to) parts.push({ date, part: { ...span, from, to } });
      if (to >= span.to) break;
      from = Math.max(from, to);
      date = addDays(date, 1);
    }
  }
  return parts;
}
