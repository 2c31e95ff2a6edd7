/** What happened to a trace, as Langfuse's SDKs say it; the database merges events by `body.id`. */
export interface TraceEvent {
  /** The same at every retry: one that was stored is not stored again. */
  id: string;
  type: TraceEventType;
  /** ISO 8601, UTC: when it was said. */
  timestamp: string;
  body: { id: string } & Record<string, unknown>;
}

/** What takes time; the last two are calls of a model, the others spans. */
export const OBSERVATION_KINDS = [
  'span',
  'agent',
  'tool',
  'chain',
  'retriever',
  'evaluator',
  'guardrail',
  'generation',
  'embedding',
] as const;

export type ObservationKind = (typeof OBSERVATION_KINDS)[number];

export type TraceEventType =
  'trace-create' | 'event-create' | 'score-create' | `${ObservationKind}-${'create' | 'update'}`;

export const TRACE_EVENT_TYPES: TraceEventType[] = [
  ...(['trace-create', 'event-create', 'score-create'] as const),
  ...OBSERVATION_KINDS.flatMap((kind) => [`${kind}-create`, `${kind}-update`] as const),
];

/** Whether events of this type tell of calls of a model, with their tokens and cost. */
export function isCall(type: TraceEventType): boolean {
  return type.startsWith('generation-') || type.startsWith('embedding-');
}
