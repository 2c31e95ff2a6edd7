import { sql, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeDaemonStatus } from '../db/types.generated';

export interface AgentReport {
  name: string;
  available: boolean;
  reason: string;
  hint?: string;
  /** Ids of the projects that want it so: of two with the agent `command`, one may lack its program. */
  projects: string[];
}

export interface Daemon extends Omit<Selectable<CoffeeDaemonStatus>, 'agents'> {
  agents: AgentReport[];
  /** Seconds since it last reported, by the database's clock. */
  heartbeat_age_s: number;
  /** Reported a moment ago and has not said goodbye. */
  live: boolean;
  /** Ids of the teams that it serves, of those that the caller is in. */
  team_ids: string[];
  /** What it works on now. */
  project: string | null;
  number: string | null;
  title: string | null;
  attempt: number | null;
  paused_by_name: string | null;
}

/** Three beats of a daemon that reports every ten seconds, and some delay. */
const LIVE_S = 45;

/** The daemons that serve the caller's teams, by name. */
export async function listDaemons(session: Session<'person'>): Promise<Daemon[]> {
  const { rows } = await sql<Omit<Daemon, 'live'>>`
    select s.*, extract(epoch from now() - s.heartbeat_at)::double precision as heartbeat_age_s,
      array(select m.team_id from coffee.memberships m where m.member_id = s.daemon_id) as team_ids,
      p.name as project, i.number, i.title, a.attempt, b.name as paused_by_name
    from coffee.daemon_status s
    left join coffee.roadmap_items i on i.id = s.item_id
    left join coffee.projects p on p.id = i.project_id
    left join coffee.attempts a on a.id = s.attempt_id
    left join coffee.people b on b.id = s.paused_by
    order by lower(s.name)`.execute(session.db);
  return rows.map((row) => ({
    ...row,
    live: row.heartbeat_age_s < LIVE_S && row.state !== 'stopped',
  }));
}

/** `name` null: all that the caller may tell. Returns how many; throws `not_found` for none. */
export async function pauseDaemons(
  session: Session<'person'>,
  name: string | null,
  paused: boolean,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coffee.pause_daemons(${name}, ${paused}) as count`.execute(session.db);
  return rows[0]!.count;
}

/** Empties what is the daemons' own; for admins. Attempts that are open go on anew. */
export async function resetDaemons(session: Session<'person'>): Promise<void> {
  await sql`select coffee.reset_daemon()`.execute(session.db);
}

/** Milliseconds since this daemon last reported, by the database's clock; undefined before the first. */
export async function heartbeatAgeMs(session: Session<'daemon'>): Promise<number | undefined> {
  const { rows } = await sql<{ age_ms: number }>`
    select extract(epoch from now() - heartbeat_at)::double precision * 1000 as age_ms
    from coffee.daemon_status
    where daemon_id = ${session.me.id} and state <> 'stopped'`.execute(session.db);
  return rows[0]?.age_ms;
}
