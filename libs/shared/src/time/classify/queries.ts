import { sql } from 'kysely';
import type { Session } from '../../db/session';

type Person = Session<'person'>;

/** Something of one machine that can be said to belong to a stream. */
export interface Target {
  readonly machine: string;
  readonly key: string;
}

/** Machines on which a session of that id was seen. */
export async function findSessions(session: Person, id: string): Promise<Target[]> {
  const { rows } = await sql<Target>`
    select machine_id::text as machine, session_id as key from coffee.agent_sessions
    where session_id = ${id}`.execute(session.db);
  return rows;
}

/** Repositories and folders that are like the pattern (`%` and `_` as in SQL), each as it is inferred by. */
export async function findPlaces(session: Person, like: string): Promise<Target[]> {
  const { rows } = await sql<Target>`
    select distinct e.machine_id::text as machine, coalesce(f.git_project, e.git_project, e.folder) as key
    from (select distinct machine_id, folder, git_project from coffee.activity_events
      where folder like ${like} or git_project like ${like}) e
    left join coffee.work_folders f on f.machine_id = e.machine_id and f.folder_key = md5(e.folder)::uuid
    order by 1, 2`.execute(session.db);
  return rows;
}

export interface EventFilter {
  /** Record ids, or the keys that `classify` lists. */
  readonly ids?: readonly string[];
  /** As in `findPlaces`. */
  readonly like?: string;
  readonly from?: Date;
  /** Half-open. */
  readonly to?: Date;
}

/** Events that fit all of the filter. */
export async function findEvents(session: Person, filter: EventFilter): Promise<Target[]> {
  const { ids = null, like = null, from = null, to = null } = filter;
  const { rows } = await sql<Target>`
    select machine_id::text as machine, event_key as key from coffee.activity_events
    where (${ids}::text[] is null or event_key = any (${ids}::text[]) or id = any (${ids}::text[]))
      and (${like}::text is null or folder like ${like} or git_project like ${like})
      and (${from}::timestamptz is null or effective_at >= ${from})
      and (${to}::timestamptz is null or effective_at < ${to})`.execute(session.db);
  return rows;
}
