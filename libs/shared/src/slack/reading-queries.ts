import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeItemState } from '../db/types.generated';

type Bot = Session<'slackbot'>;

export interface Cost {
  /** USD of the attempt that asks, and of all attempts at the item. */
  attempt_usd: string;
  item_usd: string;
  /** Not all calls of the item have a price: of an attempt that has one it is what the agent said. */
  as_reported: boolean;
}

/** What the work that a notification is about has cost so far. */
export async function getCost(
  session: Bot,
  of: { itemId: number | null; attemptId: number | null },
): Promise<Cost> {
  const { rows } = await sql<Cost>`
    select coalesce(sum(a.cost_usd) filter (where a.attempt_id = ${of.attemptId}), 0) as attempt_usd,
      coalesce(sum(a.cost_usd), 0) as item_usd, coalesce(bool_or(a.as_reported), false) as as_reported
    from analytics.attempt_spend a where a.item_id = ${of.itemId}`.execute(session.db);
  return rows[0]!;
}

export interface DigestItem {
  project: string;
  number: string;
  title: string;
}

export interface Digest {
  done: DigestItem[];
  blocked: DigestItem[];
  review: DigestItem[];
  waiting: { id: number; project: string; title: string }[];
  spent_usd: string;
}

/** What happened in these projects within the day before `until`, and what waits at that moment. */
export async function readDigest(session: Bot, projects: string[], until: Date): Promise<Digest> {
  const { rows } = await sql<Digest>`
    with mine as (select p.id, p.name from coffee.projects p where p.id = any (${projects}::uuid[])),
    items as (
      select i.id, i.state, m.name as project, i.number, i.title
      from coffee.roadmap_items i join mine m on m.id = i.project_id)
    select
      (select coalesce(jsonb_agg(to_jsonb(i) - 'id' - 'state' order by i.project, i.id), '[]')
        from items i where i.state = 'done' and exists (
          select from coffee.roadmap_history h
          where h.item_id = i.id and h.after ->> 'state' = 'done'
            and h.changed_at > ${until}::timestamptz - interval '1 day')) as done,
      (select coalesce(jsonb_agg(to_jsonb(i) - 'id' - 'state' order by i.project, i.id), '[]')
        from items i where i.state = 'blocked') as blocked,
      (select coalesce(jsonb_agg(to_jsonb(i) - 'id' - 'state' order by i.project, i.id), '[]')
        from items i where i.state = 'in_review') as review,
      (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'project', m.name, 'title', n.title)
          order by n.id), '[]')
        from coffee.notifications n join mine m on m.id = n.project_id where n.state = 'pending') as waiting,
      (select coalesce(sum(a.cost_usd), 0) from analytics.attempt_spend a
        where a.project_id = any (${projects}::uuid[])
          and a.started_at > ${until}::timestamptz - interval '1 day'
          and a.started_at <= ${until}::timestamptz) as spent_usd`.execute(session.db);
  return rows[0]!;
}

export interface BriefItem {
  id: number;
  number: string;
  title: string;
  state: CoffeeItemState;
  accepted: boolean;
  cost_usd: string;
  as_reported: boolean;
  open_questions: number;
}

/** The items of a project in the order of work. */
export async function listBriefItems(session: Bot, projectId: string): Promise<BriefItem[]> {
  const { rows } = await sql<BriefItem>`
    select i.id, i.number, i.title, i.state, i.accepted_at is not null as accepted,
      coalesce(c.usd, 0) as cost_usd, coalesce(c.as_reported, false) as as_reported,
      (select count(*) from coffee.notifications n
        where n.item_id = i.id and n.state = 'pending') as open_questions
    from coffee.roadmap_items i
    left join (
      select a.item_id, sum(a.cost_usd) as usd, bool_or(a.as_reported) as as_reported
      from analytics.attempt_spend a where a.project_id = ${projectId}::uuid group by 1) c on c.item_id = i.id
    where i.project_id = ${projectId}::uuid
    order by i.position, i.id`.execute(session.db);
  return rows;
}

export interface DaemonNow {
  name: string;
  state: string;
  live: boolean;
  paused: boolean;
  project: string | null;
  number: string | null;
  title: string | null;
}

/** These daemons. What they do in other projects is not named. */
export async function listDaemonsOf(
  session: Bot,
  scope: { daemons: string[]; projects: string[] },
): Promise<DaemonNow[]> {
  const { rows } = await sql<DaemonNow>`
    select s.name, s.state, s.paused_at is not null as paused, p.name as project, i.number, i.title,
      s.state <> 'stopped' and s.heartbeat_at > now() - interval '45 seconds' as live
    from coffee.daemon_status s
    left join coffee.roadmap_items i
      on i.id = s.item_id and i.project_id = any (${scope.projects}::uuid[])
    left join coffee.projects p on p.id = i.project_id
    where s.daemon_id = any (${scope.daemons}::uuid[])
    order by lower(s.name)`.execute(session.db);
  return rows;
}

/** USD since midnight UTC, as budgets count it. */
export async function spentToday(session: Bot, projects: string[]): Promise<string> {
  const { rows } = await sql<{ usd: string }>`
    select coalesce(sum(b.spent_today_usd), 0) as usd from analytics.budgets b
    where b.project_id = any (${projects}::uuid[])
  `.execute(session.db);
  return rows[0]!.usd;
}
