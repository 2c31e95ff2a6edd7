import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface TraceLink {
  project_id: string;
  id: string;
  attempt_id: number | null;
  /** Generations, spans and events. */
  observations: number;
  /** When the last of them changed; null: there is none. */
  changed_at: Date | null;
}

/** The traces of an item's attempts, the newest first. */
export async function listItemTraces(
  session: Session<'person'>,
  itemId: number,
): Promise<TraceLink[]> {
  const { rows } = await sql<TraceLink>`
    select t.project_id, t.id, t.attempt_id, o.observations, o.changed_at
    from coffee.traces t
    cross join lateral (
      select count(*) as observations, max(o.updated_at) as changed_at from analytics.observations o
      where o.project_id = t.project_id and o.trace_id = t.id) o
    where t.item_id = ${itemId} order by t.at desc, t.id limit 200`.execute(session.db);
  return rows;
}

export interface TraceHeader {
  project_id: string;
  project: string;
  id: string;
  name: string | null;
  at: Date;
  attempt_id: number | null;
  item_id: number | null;
  number: string | null;
  title: string | null;
}

/** Undefined when it is not there or not visible. */
export async function findTrace(
  session: Session<'person'>,
  projectId: string,
  id: string,
): Promise<TraceHeader | undefined> {
  const { rows } = await sql<TraceHeader>`
    select t.project_id, p.name as project, t.id, t.name, t.at, t.attempt_id, t.item_id, i.number, i.title
    from coffee.traces t
    join coffee.projects p on p.id = t.project_id
    left join coffee.roadmap_items i on i.id = t.item_id
    where t.project_id = ${projectId}::uuid and t.id = ${id}`.execute(session.db);
  return rows[0];
}

/** What a page needs of a node to draw it; `from_ms` and `to_ms` are Unix milliseconds. */
export const NODE_COLUMNS = [
  'id',
  'parent_id',
  'kind',
  'name',
  'from_ms',
  'to_ms',
  'level',
  'status_message',
  'model',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost_usd',
  'unpriced',
] as const;

export type NodeValue = string | number | null;

const MOST_NODES = 50_000;

/** The first nodes, 50,000 at most, each as values in the order of NODE_COLUMNS: thousands of names are long. */
export async function listTraceNodes(
  session: Session<'person'>,
  projectId: string,
  traceId: string,
  first = MOST_NODES,
): Promise<NodeValue[][]> {
  const { rows } = await sql<Record<(typeof NODE_COLUMNS)[number], NodeValue>>`
    select o.id, o.parent_id, lower(o.type) as kind, left(o.name, 200) as name,
      round(extract(epoch from o.at) * 1000, 3)::float8 as from_ms,
      round(extract(epoch from o.ended_at) * 1000, 3)::float8 as to_ms,
      o.level, left(o.status_message, 300) as status_message, coalesce(o.model_name, o.model) as model,
      coalesce(o.input_tokens, 0)::float8 as input_tokens,
      coalesce(o.output_tokens, 0)::float8 as output_tokens,
      coalesce(o.cache_read_tokens, 0)::float8 as cache_read_tokens,
      coalesce(o.cache_write_5m_tokens + o.cache_write_1h_tokens, 0)::float8 as cache_write_tokens,
      (o.cost_nanos / 1e9)::float8 as cost_usd, coalesce(o.unpriced, false)::int as unpriced
    from analytics.observations o
    where o.project_id = ${projectId}::uuid and o.trace_id = ${traceId}
    order by o.at, o.id limit ${Math.min(first, MOST_NODES)}`.execute(session.db);
  return rows.map((row) => NODE_COLUMNS.map((name) => row[name]));
}

export interface NodeContent {
  /** What is stored, or its first part as text where it is long; null: nothing. */
  input: unknown;
  output: unknown;
  metadata: unknown;
}

/** What a node was given and gave back. Undefined when it is not there or not visible. */
export async function findNodeContent(
  session: Session<'person'>,
  node: { projectId: string; traceId: string; kind: string; id: string },
): Promise<NodeContent | undefined> {
  const bounded = (column: string) => sql`
    case when length(${sql.ref(column)}::text) > 200000
      then to_jsonb(left(${sql.ref(column)}::text, 200000) || ' …') else ${sql.ref(column)} end`;
  const { rows } = await sql<NodeContent>`
    select ${bounded('o.input')} as input, ${bounded('o.output')} as output,
      ${bounded('o.metadata')} as metadata
    from analytics.observations o
    where o.project_id = ${node.projectId}::uuid and o.trace_id = ${node.traceId}
      and o.id = ${node.id} and o.type = upper(${node.kind})`.execute(session.db);
  return rows[0];
}
