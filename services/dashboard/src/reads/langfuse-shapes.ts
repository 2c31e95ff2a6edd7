/** Our rows as Langfuse's SDKs read them. */
import type {
  KeyedObservation,
  KeyedScore,
  KeyedSession,
  KeyedTrace,
  KeyedTraceWhole,
  KeyedTraceWithIds,
} from '@coffee-roadmap/shared/traces/keyed-rows';

const usd = (nanos: number | null | undefined): number | null =>
  nanos == null ? null : nanos / 1_000_000_000;

const iso = (time: string | null): string | null =>
  time === null ? null : new Date(time).toISOString();

const seconds = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;

export function traceItem(trace: KeyedTraceWithIds): object {
  return {
    ...traceOf(trace),
    observations: trace.observation_ids,
    scores: trace.score_ids,
    totalCost: usd(trace.cost_nanos) ?? 0,
  };
}

export function wholeTrace(trace: KeyedTraceWhole): object {
  const { observations, scores } = trace;
  const cost = observations.reduce((sum, { cost_nanos }) => sum + (cost_nanos ?? 0), 0);
  const times = observations.flatMap(({ at, ended_at }) => [at, ended_at ?? at]).map(Date.parse);
  const spanned = times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
  return {
    ...traceOf(trace),
    observations: observations.map(observation),
    scores: scores.map(score),
    totalCost: usd(cost),
    latency: spanned / 1000,
  };
}

function traceOf(trace: KeyedTrace): object {
  return {
    id: trace.id,
    projectId: trace.project_id,
    timestamp: iso(trace.at),
    name: trace.name,
    userId: trace.user_id,
    sessionId: trace.session_id,
    release: trace.release,
    version: trace.version,
    environment: trace.environment ?? 'default',
    public: trace.public ?? false,
    bookmarked: false,
    tags: trace.tags ?? [],
    metadata: trace.metadata,
    input: trace.input,
    output: trace.output,
    htmlPath: `/traces/${encodeURIComponent(trace.id)}`,
    createdAt: iso(trace.created_at),
    updatedAt: iso(trace.updated_at),
  };
}

export function observation(row: KeyedObservation): object {
  const start = row.started_at ?? row.at;
  return {
    id: row.id,
    projectId: row.project_id,
    traceId: row.trace_id,
    parentObservationId: row.parent_id,
    type: row.type,
    name: row.name,
    startTime: iso(start),
    endTime: iso(row.ended_at),
    completionStartTime: iso(row.completion_started_at),
    latency: seconds(start, row.ended_at),
    timeToFirstToken: seconds(start, row.completion_started_at),
    level: row.level ?? 'DEFAULT',
    statusMessage: row.status_message,
    version: row.version,
    environment: row.environment ?? 'default',
    metadata: row.metadata,
    input: row.input,
    output: row.output,
    model: row.model,
    modelParameters: row.model_parameters,
    promptName: row.prompt_name,
    promptVersion: row.prompt_version,
    ...usageOf(row),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  };
}

/** Cost by kind where it was reported so; the total is ours. */
function usageOf(row: KeyedObservation): object {
  const usageDetails: Record<string, number> = {
    input: row.input_tokens ?? 0,
    output: row.output_tokens ?? 0,
    cache_read_input_tokens: row.cache_read_tokens ?? 0,
    cache_write_5m: row.cache_write_5m_tokens ?? 0,
    cache_write_1h: row.cache_write_1h_tokens ?? 0,
  };
  const total = Object.values(usageDetails).reduce((sum, count) => sum + count, 0);
  const totalCost = usd(row.cost_nanos);
  const { input, output } = usageDetails;
  return {
    usageDetails: total === 0 ? {} : { ...usageDetails, total },
    costDetails: totalCost === null ? {} : { ...row.cost_details, total: totalCost },
    usage: { input, output, total, unit: 'TOKENS' },
    calculatedTotalCost: totalCost,
  };
}

export function score(row: KeyedScore): object {
  return {
    id: row.id,
    traceId: row.trace_id,
    observationId: row.observation_id,
    sessionId: row.session_id,
    name: row.name,
    dataType: row.data_type,
    value: row.value ?? 0,
    stringValue: row.string_value ?? (row.data_type === 'BOOLEAN' ? trueOrFalse(row) : null),
    source: 'API',
    comment: row.comment,
    environment: row.environment ?? 'default',
    metadata: row.metadata,
    timestamp: iso(row.at),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  };
}

function trueOrFalse({ value }: KeyedScore): string {
  return value === 1 ? 'True' : 'False';
}

export function sessionItem(row: KeyedSession, projectId: string): object {
  return {
    id: row.id,
    projectId,
    createdAt: iso(row.at),
    environment: row.environment ?? 'default',
  };
}
