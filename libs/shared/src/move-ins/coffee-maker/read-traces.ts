import { readInstant } from '../files/instant';
import type { SqliteFile, SqliteRow } from '../files/sqlite';

/** What one of coffee_maker's rows says, as a Langfuse SDK would say it; not looked at yet. */
export interface SaidEvent {
  type: string;
  /** When it was last changed, UTC. */
  timestamp: string;
  body: Record<string, unknown> & { id: string };
}

export type TraceRow =
  { row: string; said: SaidEvent } | { row: string; reason: 'time' | 'nameless' };

/** Tables of its SQLite exporter, and those of its SQLAlchemy models; each with what its rows are. */
const TABLES: Record<string, (row: SqliteRow) => Omit<SaidEvent, 'timestamp'>> = {
  traces: (row) => trace(row, String(row.id), json(row.trace_metadata ?? row.metadata)),
  generations: (row) =>
    generation(row, { input: row.input_cost, output: row.output_cost, total: row.total_cost }),
  spans: (row) => ({
    type: 'span-create',
    body: {
      ...{ id: String(row.id), traceId: row.trace_id, name: row.name },
      ...{ startTime: time(row.start_time), endTime: time(row.end_time) },
      ...{ level: row.level, statusMessage: row.status_message },
      ...{ input: json(row.input), output: json(row.output), metadata: json(row.metadata) },
    },
  }),
  llm_traces: (row) => trace(row, uuid(row.trace_id ?? row.id), json(row.metadata)),
  llm_generations: (row) => {
    const { provider, tier, is_primary, model_version, prompt_tokens_estimate } = row;
    const said = { provider, tier, is_primary, model_version, prompt_tokens_estimate };
    const { type, body } = generation(row, {
      ...{ input: row.input_cost_usd, output: row.output_cost_usd, total: row.cost_usd },
    });
    return {
      type,
      body: {
        ...body,
        id: uuid(row.observation_id ?? row.id),
        traceId: uuid(row.trace_id),
        parentObservationId: row.parent_observation_id && uuid(row.parent_observation_id),
        ...{ input: json(row.prompt_text), output: json(row.completion_text) },
        metadata: object(json(row.metadata), said),
      },
    };
  },
  llm_events: (row) => {
    const { id, trace_id, observation_id, created_at, event_name, metadata, ...rest } = row;
    const more = { ...rest, _row: null };
    return {
      type: 'event-create',
      body: {
        ...{ id: uuid(id), traceId: trace_id && uuid(trace_id), name: event_name },
        ...{ parentObservationId: observation_id && uuid(observation_id) },
        startTime: time(created_at),
        level: rest.event_type === 'error' ? 'ERROR' : 'DEFAULT',
        metadata: object(json(metadata), more),
      },
    };
  },
};

export const TRACE_TABLES = Object.keys(TABLES);

/** All rows of a table of traces, in the order in which they were written. */
export function* readTraces(
  database: SqliteFile,
  table: string,
  file: string,
): Generator<TraceRow> {
  const read = TABLES[table]!;
  for (const rows of database.pages(table))
    for (const row of rows) {
      const place = `${file} ${table} row ${row._row}`;
      const created = time(row.created_at ?? row.start_time);
      if ((row.id ?? row.trace_id) == null) yield { row: place, reason: 'nameless' };
      else if (created === undefined) yield { row: place, reason: 'time' };
      else {
        const said = read(row);
        const changed = [created, time(row.updated_at), time(row.end_time)];
        const timestamp = changed
          .filter((at) => at !== undefined)
          .sort()
          .at(-1)!;
        yield { row: `${place}: ${said.body.id}`, said: { ...said, timestamp } };
      }
    }
}

function trace(row: SqliteRow, id: string, metadata: unknown): ReturnType<(typeof TABLES)[string]> {
  return {
    type: 'trace-create',
    body: {
      ...{ id, name: row.name, userId: row.user_id, sessionId: row.session_id },
      ...{ release: row.release, timestamp: time(row.created_at), metadata },
      ...{ input: json(row.input), output: json(row.output), tags: tags(row.tags) },
    },
  };
}

function generation(
  row: SqliteRow,
  costs: Record<string, unknown>,
): ReturnType<(typeof TABLES)[string]> {
  const begun = time(row.start_time ?? row.created_at);
  const tookMs =
    typeof row.latency_ms === 'number' ? row.latency_ms : Number(row.latency_seconds) * 1000;
  const given = Object.entries(costs).filter(([, usd]) => typeof usd === 'number');
  return {
    type: 'generation-create',
    body: {
      ...{ id: String(row.id), traceId: row.trace_id, name: row.name, model: row.model },
      modelParameters: json(row.model_parameters),
      startTime: begun,
      endTime: time(row.completion_end_time ?? row.end_time) ?? after(begun, tookMs),
      completionStartTime: time(row.completion_start_time),
      ...{ level: row.level, statusMessage: row.status_message },
      ...{ input: json(row.input), output: json(row.output), metadata: json(row.metadata) },
      usageDetails: counts({ input: row.input_tokens, output: row.output_tokens }),
      costDetails: given.length === 0 ? undefined : Object.fromEntries(given),
    },
  };
}

/** Naive times are UTC: all of coffee_maker wrote `utcnow`. */
const time = (value: unknown): string | undefined => readInstant(value);

function after(at: string | undefined, ms: number): string | undefined {
  return at === undefined || !Number.isFinite(ms) || ms < 0 || ms > 86_400_000
    ? undefined
    : new Date(Date.parse(at) + ms).toISOString();
}

/** SQLAlchemy kept uuids on SQLite with or without their dashes. */
function uuid(value: unknown): string {
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(String(value)) ?? [];
  return parts.length > 0 ? parts.join('-') : String(value);
}

function json(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value ?? undefined;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function tags(value: unknown): unknown {
  const read = json(value);
  return typeof read === 'string'
    ? read.split(',').map((tag) => tag.trim())
    : Array.isArray(read)
      ? read.map(String)
      : undefined;
}

function object(read: unknown, more: Record<string, unknown>): Record<string, unknown> {
  const said = Object.entries(more).filter(([, value]) => value !== null && value !== undefined);
  const own = typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {};
  return { ...Object.fromEntries(said), ...own };
}

function counts(all: Record<string, unknown>): Record<string, unknown> | undefined {
  const known = Object.entries(all).filter(([, n]) => typeof n === 'number');
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
