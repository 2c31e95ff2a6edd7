import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface LiveStep {
  step: number;
  at: string;
  kind: string;
  summary: string;
}

/** The last steps of each of these attempts, the newest last. */
export async function listRecentSteps(
  session: Session<'person'>,
  attemptIds: number[],
  limit: number,
): Promise<Map<number, LiveStep[]>> {
  if (attemptIds.length === 0) return new Map();
  const { rows } = await sql<{ attempt_id: number; steps: LiveStep[] }>`
    select a.id as attempt_id, coalesce((
      select jsonb_agg(s order by s.step) from (
        select t.step, t.at, t.kind, t.summary from coffee.attempt_steps t
        where t.attempt_id = a.id order by t.step desc limit ${limit}) s), '[]') as steps
    from coffee.attempts a where a.id = any (${attemptIds}::bigint[])`.execute(session.db);
  return new Map(rows.map((row) => [row.attempt_id, row.steps]));
}

export interface Completion {
  item_id: number;
  project: string;
  number: string;
  title: string;
  state: string;
  at: Date;
  by: string;
  cost_usd: string;
  /** Of one of its attempts it is what the agent said, because not all calls have a price. */
  as_reported: boolean;
  diff_stat: { files: number; insertions: number; deletions: number } | null;
}

/** What came into review or was done last, the newest first; each item once. */
export async function listCompletions(
  session: Session<'person'>,
  limit: number,
): Promise<Completion[]> {
  const { rows } = await sql<Completion>`
    with last as (
      select i.id as item_id, p.name as project, i.number, i.title, i.state, h.changed_at as at,
        h.changed_by_name as by
      from coffee.roadmap_items i
      join coffee.projects p on p.id = i.project_id
      cross join lateral (
        select c.changed_at, c.changed_by_name from coffee.roadmap_history c
        where c.item_id = i.id and c.change in ('review', 'accept', 'merge') order by c.id desc limit 1) h
      where i.state in ('in_review', 'done')
      order by h.changed_at desc limit ${limit})
    select l.*, coalesce(c.usd, 0) as cost_usd, coalesce(c.as_reported, false) as as_reported, (
      select a.diff_stat - 'paths' from coffee.attempts a
      where a.item_id = l.item_id order by a.attempt desc limit 1) as diff_stat
    from last l
    cross join lateral (
      select sum(s.cost_usd) as usd, bool_or(s.as_reported) as as_reported
      from analytics.attempt_spend s where s.item_id = l.item_id) c
    order by l.at desc`.execute(session.db);
  return rows;
}

export interface ItemTimes {
  item_id: number;
  /** Seconds that attempts took, the running one until now. */
  worked_s: number;
}

/** How long the daemons worked on each item of a project. */
export async function listItemTimes(
  session: Session<'person'>,
  projectId: string,
): Promise<ItemTimes[]> {
  const { rows } = await sql<ItemTimes>`
    select a.item_id, sum(extract(epoch from coalesce(a.ended_at, now()) - a.started_at))::float8 as worked_s
    from coffee.attempts a where a.project_id = ${projectId}::uuid group by a.item_id`.execute(
    session.db,
  );
  return rows;
}
