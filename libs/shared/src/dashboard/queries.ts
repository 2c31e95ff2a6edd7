import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeItemState } from '../db/types.generated';

export interface Link {
  /** Signs one browser in as the caller; shown this once. */
  code: string;
  expires_at: Date;
}

/** Ten minutes, one use; the link before is void. Only with a person's own login. */
export async function newDashboardLink(session: Session<'person'>): Promise<Link> {
  const { rows } = await sql<Link>`select * from coffee.new_dashboard_link()`.execute(session.db);
  return rows[0]!;
}

export interface OpenedSession {
  token: string;
  name: string;
  expires_at: Date;
}

/** Turns a link into a session. Throws `not_found` for one that is not valid, or not any more. */
export async function openDashboard(
  session: Session<'dashboard'>,
  code: string,
  browser: string,
): Promise<OpenedSession> {
  const { rows } = await sql<OpenedSession>`
    select * from coffee.open_dashboard(${code}, ${browser})`.execute(session.db);
  return rows[0]!;
}

/** What the dashboard may tell anybody who reaches it. */
export interface Totals {
  items: { state: CoffeeItemState; items: number }[];
  daemons: { state: string; daemons: number }[];
  /** The last thirty days (UTC), those without an attempt or a call left out. USD and tokens of all calls. */
  days: { day: string; attempts: number; cost_usd: string; tokens: number }[];
}

export async function readTotals(session: Session<'dashboard'>): Promise<Totals> {
  const { rows } = await sql<Totals>`select
    coalesce((select jsonb_agg(t) from analytics.item_totals t), '[]') as items,
    coalesce((select jsonb_agg(jsonb_build_object('state', d.state, 'daemons', d.daemons))
      from analytics.daemon_totals d), '[]') as daemons,
    coalesce((select jsonb_agg(x order by x.day) from (
      select s.day, sum(s.attempts) as attempts, (sum(s.cost_nanos) / 1e9)::text as cost_usd, sum(s.tokens) as tokens
      from (
        select a.day_utc as day, a.attempts, 0 as cost_nanos, 0 as tokens from analytics.attempt_totals a
        union all
        select t.day_utc, 0, t.cost_nanos, t.input_tokens + t.output_tokens + t.cache_read_tokens
          + t.cache_write_5m_tokens + t.cache_write_1h_tokens
        from analytics.trace_totals t) s
      where s.day > (now() at time zone 'UTC')::date - 30 group by 1) x), '[]') as days`.execute(
    session.db,
  );
  return rows[0]!;
}
