import { createHash } from 'node:crypto';
import type { TraceEvent } from './trace-event';

/** The event under an id that comes from what it says: said again, it is the same event. */
export function withStableId(event: TraceEvent): TraceEvent {
  // A question that is put again after a restart is the one that was put before.
  const { startTime, ...body } = event.body;
  const told = event.type === 'event-create' ? body : { ...body, startTime };
  const said = JSON.stringify([event.type, sorted(told)]);
  const digest = createHash('sha256').update(said).digest('hex').slice(0, 32);
  return { ...event, id: `${event.body.id.slice(0, 150)}:${digest}` };
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** An agent's own id, made fit to be part of one of ours: it may be of any length and characters. */
export function shortId(id: string): string {
  if (/^[\w.:-]{1,120}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, 40);
}
