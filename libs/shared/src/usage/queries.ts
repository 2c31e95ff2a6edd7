import { sql, type RawBuilder } from 'kysely';
import type { Session } from '../db/session';
import type { Grouping, UsageFilter, UsagePart } from './groupings';

type Person = Session<'person'>;
interface RawPart extends Omit<UsagePart, 'cost_nanos'> {
  cost_nanos: string;
}

/** Postgres checks the zone; a day begins at its midnight there, whenever that is. */
function within(column: RawBuilder<unknown>, filter: UsageFilter): RawBuilder<unknown> {
  const since = sql`(${filter.since ?? null}::date)::timestamp at time zone ${filter.timezone}`;
  const until = sql`(${filter.until ?? null}::date + 1)::timestamp at time zone ${filter.timezone}`;
  return sql`(${filter.since ?? null}::date is null or ${column} >= ${since})
    and (${filter.until ?? null}::date is null or ${column} < ${until})
    and (${filter.project ?? null}::text is null or folder = ${filter.project ?? null}
      or folder like '%/' || replace(replace(replace(${filter.project ?? null}, '\\', '\\\\'), '%', '\\%'), '_', '\\_'))`;
}

const SUMS = sql`sum(calls)::float8 as calls, sum(input_tokens)::float8 as input_tokens,
  sum(output_tokens)::float8 as output_tokens,
  sum(cache_write_5m_tokens + cache_write_1h_tokens)::float8 as cache_creation_tokens,
  sum(cache_read_tokens)::float8 as cache_read_tokens, sum(cost_nanos)::text as cost_nanos,
  sum(unpriced_calls)::float8 as unpriced_calls`;

function keyOf(grouping: Grouping, zone: string): RawBuilder<unknown> {
  const local = sql`bucket at time zone ${zone}`;
  switch (grouping) {
    case 'daily':
      return sql`to_char(${local}, 'YYYY-MM-DD')`;
    case 'weekly':
      return sql`to_char(date_trunc('week', ${local}), 'YYYY-MM-DD')`;
    case 'monthly':
      return sql`to_char(${local}, 'YYYY-MM')`;
    case 'project':
      return sql`folder`;
    case 'model':
      return sql`model`;
    case 'machine':
      return sql`machine_id::text`;
    case 'session':
      return sql`session_id`;
    case 'branch':
      return sql`git_branch`;
  }
}

/**
 * The caller's own usage by group and model: dates oldest first, everything else the dearest first.
 * Sessions and branches come from the calls, all else from the kept sums.
 */
export async function listUsage(
  session: Person,
  grouping: Grouping,
  filter: UsageFilter,
): Promise<UsagePart[]> {
  const single = grouping === 'session' || grouping === 'branch';
  const calls = sql`(select at as bucket, coalesce(session_id, '') as session_id,
      coalesce(git_branch, '') as git_branch, machine_id, coalesce(folder, '') as folder,
      coalesce(model, '') as model, 1 as calls, input_tokens, output_tokens, cache_read_tokens,
      cache_write_5m_tokens, cache_write_1h_tokens, coalesce(cost_nanos, 0) as cost_nanos,
      (cost_nanos is null)::int as unpriced_calls
    from coffee.usage_records) u`;
  const label =
    grouping === 'machine'
      ? sql`(select m.label from coffee.machines m where m.id::text = k.key)`
      : sql`k.label`;
  const folder = grouping === 'session' ? sql`min(nullif(folder, ''))` : sql`null::text`;
  const byTime = ['daily', 'weekly', 'monthly'].includes(grouping);
  const { rows } = await sql<RawPart>`
    select k.*, ${label} as label from (
      select ${keyOf(grouping, filter.timezone)} as key, model, ${SUMS}, ${folder} as label,
        max(bucket) as last_at
      from ${single ? calls : sql`coffee.usage_buckets u`}
      where ${within(sql`bucket`, filter)}
      group by 1, 2) k
    order by ${byTime ? sql`k.key` : sql`sum(k.cost_nanos::numeric) over (partition by k.key) desc, k.key`}, k.model
  `.execute(session.db);
  return rows.map((row) => ({ ...row, cost_nanos: BigInt(row.cost_nanos) }));
}

export interface TimedCall {
  at: Date;
  model: string;
  tokens: number;
  input_tokens: number;
  output_tokens: number;
  cost_nanos: bigint | null;
}

/** The caller's calls since then, oldest first. */
export async function listCallsSince(session: Person, since: Date): Promise<TimedCall[]> {
  const { rows } = await sql<Omit<TimedCall, 'cost_nanos'> & { cost_nanos: string | null }>`
    select at, coalesce(model, '') as model, input_tokens::float8 as input_tokens,
      output_tokens::float8 as output_tokens, cost_nanos::text as cost_nanos,
      (input_tokens + output_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens)::float8
        as tokens
    from coffee.usage_records where at >= ${since} order by at, message_id`.execute(session.db);
  return rows.map((row) => ({
    ...row,
    cost_nanos: row.cost_nanos === null ? null : BigInt(row.cost_nanos),
  }));
}

/** Prices the caller's calls by the list as it is now; how many changed. */
export async function repriceUsage(session: Person): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coffee.reprice_usage()::int as n`.execute(
    session.db,
  );
  return rows[0]!.n;
}
