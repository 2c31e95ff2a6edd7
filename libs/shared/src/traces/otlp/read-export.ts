import { createHash } from 'node:crypto';
import type { TraceContent } from '../content';
import { Refusal } from '../event-fields';
import { readEvent } from '../read-event';
import type { TraceEvent } from '../trace-event';
import { isMessage } from './gen-ai';
import { observationOf } from './observation';
import { listSpans, readSpan, type OtlpSpan } from './spans';
import { traceBodyOf } from './trace-fields';

export interface ReadExport {
  events: TraceEvent[];
  /** Spans that could not be read, with the first reasons. */
  rejected: number;
  reasons: string[];
}

const MOST_REASONS = 5;

/**
 * Reads an ExportTraceServiceRequest (from JSON, or decoded from protobuf). Event ids come from what is
 * said, so that an export that is sent again says nothing new. Throws a Refusal where it is none.
 */
export function readOtlpExport(request: unknown, content: TraceContent): ReadExport {
  const events = new Map<string, TraceEvent>();
  const read: ReadExport = { events: [], rejected: 0, reasons: [] };
  for (const found of listSpans(request)) {
    try {
      for (const event of eventsOf(readSpan(found), content)) events.set(event.id, event);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      read.rejected += 1;
      if (read.reasons.length < MOST_REASONS) read.reasons.push(error.message);
    }
  }
  read.events = [...events.values()];
  return read;
}

function eventsOf(span: OtlpSpan, content: TraceContent): TraceEvent[] {
  const name = `otlp:${span.traceId}:${span.spanId}`;
  const timestamp = span.endTime ?? span.startTime;
  const { type, body } = observationOf(span);
  const trace = traceBodyOf(span, body);
  const items: object[] = [{ id: name, type, timestamp, body }];
  if (trace !== undefined) {
    // All spans of a trace repeat the same of it: said once in the same words is enough.
    const hash = createHash('sha256').update(JSON.stringify(trace)).digest('hex').slice(0, 32);
    items.push({
      id: `otlp:${span.traceId}:${hash}`,
      type: 'trace-create',
      timestamp,
      body: trace,
    });
  }
  span.events
    .filter((event) => !isMessage(event.name))
    .forEach((event, index) => {
      const own = {
        id: `${span.spanId}-${index}`,
        traceId: span.traceId,
        parentObservationId: span.spanId,
        name: event.name,
        startTime: event.time ?? timestamp,
        level: event.name === 'exception' ? 'ERROR' : undefined,
        metadata: event.attributes.size > 0 ? Object.fromEntries(event.attributes) : undefined,
      };
      items.push({ id: `${name}:${index}`, type: 'event-create', timestamp, body: own });
    });
  return items.flatMap((item) => readEvent(item, content) ?? []);
}
