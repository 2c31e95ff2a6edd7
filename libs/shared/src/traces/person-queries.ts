import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface ListedTrace {
  id: string;
  project_id: string;
  project: string;
  name: string | null;
  /** Number of the roadmap item that it was for. */
  item: string | null;
  attempt: number | null;
  at: Date;
  ended_at: Date | null;
  observations: number;
  failures: number;
  tokens: number;
  /** USD, without unpriced calls. */
  cost_usd: number;
  unpriced_calls: number;
}

export interface Observation {
  id: string;
  parent_id: string | null;
  /** GENERATION, SPAN, EVENT, TOOL, AGENT, … */
  type: string;
  name: string | null;
  level: string | null;
  status_message: string | null;
  at: Date;
  ended_at: Date | null;
  model: string | null;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  /** USD; null: no cost is known. */
  cost_usd: number | null;
  unpriced: boolean;
}

export interface TraceOptions {
  projectId?: string;
  itemId?: string | number;
  since?: Date;
  /** At most 1000. */
  limit: number;
}

const LISTED = sql`
  select t.id, t.project_id, p.name as project, t.name, i.number as item, a.attempt, t.at,
    greatest(g.ended_at, s.ended_at) as ended_at, coalesce(g.n, 0) + coalesce(s.n, 0) as observations,
    coalesce(g.failures, 0) + coalesce(s.failures, 0) as failures, coalesce(g.tokens, 0) as tokens,
    coalesce(g.cost, 0) as cost_usd, coalesce(g.unpriced, 0) as unpriced_calls
  from wanted t
  join coffee.projects p on p.id = t.project_id
  left join coffee.roadmap_items i on i.id = t.item_id
  left join coffee.attempts a on a.id = t.attempt_id
  left join lateral (
    select count(*)::int as n, count(*) filter (where o.level = 'ERROR')::int as failures,
      sum(o.input_tokens + o.output_tokens + o.cache_read_tokens + o.cache_write_5m_tokens
        + o.cache_write_1h_tokens)::float8 as tokens,
      (sum(o.cost_nanos) / 1000000000)::float8 as cost,
      count(*) filter (where o.unpriced)::int as unpriced, max(o.ended_at) as ended_at
    from coffee.generations o where o.project_id = t.project_id and o.trace_id = t.id) g on true
  left join lateral (
    select count(*)::int as n, count(*) filter (where o.level = 'ERROR')::int as failures,
      max(o.ended_at) as ended_at
    from coffee.spans o where o.project_id = t.project_id and o.trace_id = t.id) s on true`;

/** Of the caller's projects, the newest first. */
export async function listTraces(
  session: Session<'person'>,
  { projectId, itemId, since, limit }: TraceOptions,
): Promise<ListedTrace[]> {
  const { rows } = await sql<ListedTrace>`
    with wanted as (
      select t.id, t.project_id, t.name, t.item_id, t.attempt_id, t.at from coffee.traces t
      where (${projectId ?? null}::uuid is null or t.project_id = ${projectId ?? null})
        and (${itemId ?? null}::bigint is null or t.item_id = ${itemId ?? null})
        and (${since ?? null}::timestamptz is null or t.at >= ${since ?? null})
      order by t.at desc, t.id limit ${Math.min(limit, 1000)}
    )
    ${LISTED} order by t.at desc, t.id`.execute(session.db);
  return rows;
}

/** Traces whose id begins so, at most ten: more than one is for the caller to tell apart. */
export async function findTraces(
  session: Session<'person'>,
  prefix: string,
): Promise<ListedTrace[]> {
  const { rows } = await sql<ListedTrace>`
    with wanted as (
      select t.id, t.project_id, t.name, t.item_id, t.attempt_id, t.at from coffee.traces t
      where t.id = ${prefix} or starts_with(t.id, ${prefix})
      order by t.id <> ${prefix}, t.at desc limit 10
    )
    ${LISTED} order by t.id <> ${prefix}, t.at desc`.execute(session.db);
  return rows;
}

/** What a trace did, in the order of time. */
export async function listObservations(
  session: Session<'person'>,
  { project_id, id }: Pick<ListedTrace, 'project_id' | 'id'>,
): Promise<Observation[]> {
  const { rows } = await sql<Observation>`
    select o.id, o.parent_id, o.type, o.name, o.level, o.status_message, o.at, o.ended_at,
      coalesce(o.model_name, o.model) as model, coalesce(o.input_tokens, 0)::float8 as input_tokens,
      coalesce(o.output_tokens, 0)::float8 as output_tokens,
      coalesce(o.cache_read_tokens, 0)::float8 as cache_read_tokens,
      coalesce(o.cache_write_5m_tokens + o.cache_write_1h_tokens, 0)::float8 as cache_write_tokens,
      (o.cost_nanos::numeric / 1000000000)::float8 as cost_usd, o.unpriced
    from analytics.observations o
    where o.project_id = ${project_id} and o.trace_id = ${id}
    order by o.at, o.id`.execute(session.db);
  return rows;
}
