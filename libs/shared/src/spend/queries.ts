import { sql } from 'kysely';
import type { Session } from '../db/session';

export const SPEND_GROUPS = ['day', 'project', 'item', 'model'] as const;
export type SpendGroup = (typeof SPEND_GROUPS)[number];

/** Sums over a group; `cost_usd` is without the calls that are unpriced. */
export interface Spend {
  /** The day, the project, `project 2.5 Title` or the model; null: none was said. */
  label: string | null;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
}

export interface SpendOptions {
  by: SpendGroup;
  /** From this moment, to a quarter of an hour. */
  since: Date;
  /** Up to this moment, exclusive. */
  until: Date;
  /** IANA zone whose days count. */
  timezone: string;
  /** Calls of this project alone; what machines recorded is of none. */
  projectId?: string;
}

/** What no project is said of: recorded on the caller's own machines. */
export const OWN_MACHINES = 'own machines';

/** Each call once: traces of the caller's projects, and what the caller's own machines recorded. */
export async function sumSpend(
  session: Session<'person'>,
  options: SpendOptions,
): Promise<Spend[]> {
  const label = {
    day: sql`(s.bucket at time zone ${options.timezone})::date::text`,
    project: sql`coalesce(p.name, ${OWN_MACHINES})`,
    item: sql`case when s.item_id is not null then concat_ws(' ', p.name, i.number, i.title)
      else coalesce(p.name || ', no item', ${OWN_MACHINES}) end`,
    model: sql`nullif(s.model, '')`,
  }[options.by];
  const order = options.by === 'day' ? sql`1` : sql`cost_usd desc, calls desc, 1`;
  const { rows } = await sql<Spend>`
    select ${label} as label, sum(s.calls)::float8 as calls, sum(s.input_tokens)::float8 as input_tokens,
      sum(s.output_tokens)::float8 as output_tokens, sum(s.cache_read_tokens)::float8 as cache_read_tokens,
      sum(s.cache_write_5m_tokens + s.cache_write_1h_tokens)::float8 as cache_write_tokens,
      (sum(s.cost_nanos) / 1000000000)::float8 as cost_usd,
      sum(s.unpriced_calls)::float8 as unpriced_calls
    from analytics.spend_parts s
    left join coffee.projects p on p.id = s.project_id
    left join coffee.roadmap_items i on i.id = s.item_id
    where s.bucket >= ${options.since} and s.bucket < ${options.until}
      and (${options.projectId ?? null}::uuid is null or s.project_id = ${options.projectId ?? null})
    group by 1 having sum(s.calls) > 0 order by ${order}`.execute(session.db);
  return rows;
}
