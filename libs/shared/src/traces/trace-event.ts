/** What happened to a trace, as Langfuse's SDKs say it; the database merges events by `body.id`. */
export interface TraceEvent {
  /** The same at every retry: one that was stored is not stored again. */
  id: string;
  type: TraceEventType;
  /** ISO 8601, UTC: when it was said. */
  timestamp: string;
  body: { id: string } & Record<string, unknown>;
}

export const TRACE_EVENT_TYPES = [
  'trace-create',
  'span-create',
  'span-update',
  'generation-create',
  'generation-update',
  'event-create',
  'score-create',
] as const;

export type TraceEventType = (typeof TRACE_EVENT_TYPES)[number];
