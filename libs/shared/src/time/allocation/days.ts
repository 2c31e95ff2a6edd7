import type { TimeEvent } from '../events/time-event';

export const DAY_MS = 86_400_000;

/** Days since the epoch in UTC: what allocation is kept by, whatever zone a report is in. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** The days whose allocation an event is needed for: one, but for a log every day that it reaches into. */
export function daysOf(event: TimeEvent): number[] {
  const first = dayOf(event.at);
  const last = event.effect === 'log' ? dayOf(event.until - 1) : first;
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => first + i);
}

/** Events by day, each day in the order that they came in. */
export function eventsByDay(events: Iterable<TimeEvent>): Map<number, TimeEvent[]> {
  const days = new Map<number, TimeEvent[]>();
  for (const event of events) {
    for (const day of daysOf(event)) {
      const list = days.get(day);
      if (list === undefined) days.set(day, [event]);
      else list.push(event);
    }
  }
  return days;
}
