import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface AnalyticsRange {
  /** How many days, today included. */
  days: number;
  /** IANA name; days begin at its midnights. */
  timeZone: string;
}

export interface SpendDay {
  day: string;
  project: string;
  attempts: number;
  /** USD. */
  cost_usd: string;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
}

export interface ModelDay {
  day: string;
  /** As the price list has it; `unknown` where none was reported. */
  model: string;
  calls: number;
  /** USD; without calls that nobody knows the price of. */
  cost_usd: string;
  unpriced_calls: number;
}

export interface DoneDay {
  day: string;
  items: number;
  /** Half of them took less, from the first claim to done. */
  median_s: number;
}

export interface WaitDay {
  day: string;
  asked: number;
  answered: number;
  /** Half of the answered ones waited less. */
  median_s: number | null;
}

export interface Analytics {
  /** Every day of the range, also those on which nothing happened. */
  days: string[];
  spend: SpendDay[];
  models: ModelDay[];
  done: DoneDay[];
  waiting: WaitDay[];
}

/** What the projects of the caller's teams took, day by day. Throws `invalid_input` for a zone that is none. */
export async function readAnalytics(
  session: Session<'person'>,
  range: AnalyticsRange,
): Promise<Analytics> {
  return {
    days: await listDays(session, range),
    spend: await listSpend(session, range),
    models: await listModels(session, range),
    done: await listDone(session, range),
    waiting: await listWaiting(session, range),
  };
}

/** Midnight of the first day, as a moment. */
const since = ({ days, timeZone }: AnalyticsRange) =>
  sql`(((now() at time zone ${timeZone})::date - ${days - 1}::int)::timestamp at time zone ${timeZone})`;

async function listDays(session: Session, { days, timeZone }: AnalyticsRange): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select ((now() at time zone ${timeZone})::date - n)::text as day
    from generate_series(${days - 1}::int, 0, -1) n`.execute(session.db);
  return rows.map((row) => row.day);
}

/** What calls cost and held, of the same sums as by model; attempts on the day on which they began. */
async function listSpend(session: Session, range: AnalyticsRange): Promise<SpendDay[]> {
  const { rows } = await sql<SpendDay>`
    select (s.at at time zone ${range.timeZone})::date::text as day, p.name as project,
      sum(s.attempts)::float8 as attempts, (sum(s.cost_nanos) / 1e9)::text as cost_usd,
      sum(s.input)::float8 as input_tokens, sum(s.output)::float8 as output_tokens,
      sum(s.cache_read)::float8 as cache_read_tokens, sum(s.cache_write)::float8 as cache_write_tokens
    from (
      select c.bucket as at, c.project_id, 0 as attempts, c.cost_nanos, c.input_tokens as input,
        c.output_tokens as output, c.cache_read_tokens as cache_read,
        c.cache_write_5m_tokens + c.cache_write_1h_tokens as cache_write
      from analytics.spend_parts c where c.source = 'traces' and c.bucket >= ${since(range)}
      union all
      select a.started_at, a.project_id, 1, 0, 0, 0, 0, 0
      from coffee.attempts a where a.started_at >= ${since(range)}
    ) s join coffee.projects p on p.id = s.project_id
    group by 1, 2 order by 1, 2`.execute(session.db);
  return rows;
}

/** From the sums that are kept with the traces: of local days where the zone has them, else of quarter-hours. */
async function listModels(session: Session, range: AnalyticsRange): Promise<ModelDay[]> {
  const { days, timeZone } = range;
  const { rows } = await sql<ModelDay>`
    select s.day::text as day, coalesce(s.model, 'unknown') as model, sum(s.calls)::float8 as calls,
      (sum(s.cost_nanos) / 1e9)::text as cost_usd, sum(s.unpriced_calls)::float8 as unpriced_calls
    from (
      select c.day, c.model, c.calls, c.cost_nanos, c.unpriced_calls
      from analytics.project_costs c
      where c.zone = ${timeZone} and c.day > (now() at time zone ${timeZone})::date - ${days}::int
      union all
      select (p.bucket at time zone ${timeZone})::date, nullif(p.model, ''), p.calls, p.cost_nanos, p.unpriced_calls
      from analytics.spend_parts p
      where p.source = 'traces' and p.bucket >= ${since(range)}
        and not exists (select from coffee.reporting_zones z where z.zone = ${timeZone})) s
    group by 1, 2 order by 1, 2`.execute(session.db);
  return rows;
}

async function listDone(session: Session, range: AnalyticsRange): Promise<DoneDay[]> {
  const { rows } = await sql<DoneDay>`
    select (h.at at time zone ${range.timeZone})::date::text as day, count(*) as items,
      percentile_cont(0.5) within group (order by extract(epoch from h.at - h.began))::float8 as median_s
    from (
      select d.item_id, max(d.changed_at) as at, (
        select min(a.started_at) from coffee.attempts a where a.item_id = d.item_id) as began
      from coffee.roadmap_history d
      where d.change in ('accept', 'merge') and d.after ->> 'state' = 'done' and d.changed_at >= ${since(range)}
      group by d.item_id) h
    where h.began is not null
    group by 1 order by 1`.execute(session.db);
  return rows;
}

async function listWaiting(session: Session, range: AnalyticsRange): Promise<WaitDay[]> {
  const { rows } = await sql<WaitDay>`
    select (n.created_at at time zone ${range.timeZone})::date::text as day, count(*) as asked,
      count(n.answered_by) as answered,
      percentile_cont(0.5) within group (order by extract(epoch from n.answered_at - n.created_at))
        filter (where n.answered_by is not null)::float8 as median_s
    from coffee.notifications n
    where n.kind = 'question' and n.created_at >= ${since(range)}
    group by 1 order by 1`.execute(session.db);
  return rows;
}
