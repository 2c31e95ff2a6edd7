import { sql } from 'kysely';
import type { Session } from '../../db/session';
import type { ActivityRecord } from '../../records/record';
import type { AllocatedDay } from '../allocation/reallocate';
import { DAY_MS } from '../allocation/days';
import { dateOf } from '../periods/local-date';

type Person = Session<'person'>;

/** Until the transaction ends nobody else imports, assigns or recomputes the caller's time. */
export async function holdTime(session: Person): Promise<void> {
  await sql`select coffee.hold_time()`.execute(session.db);
}

/** All days are stale from now on; how many they are. */
export async function forgetTime(session: Person): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coffee.forget_time() as n`.execute(session.db);
  return rows[0]!.n;
}

export interface KnownDay {
  /** Since the epoch, in days. */
  readonly day: number;
  readonly version: string;
  readonly hasEvents: boolean;
  readonly stale: boolean;
  readonly before: AllocatedDay['before'] | null;
  readonly after: AllocatedDay['after'] | null;
}

/** How many of the caller's days are to be computed. */
export async function countStaleDays(session: Person): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from coffee.time_days
    where computed_version is distinct from version`.execute(session.db);
  return rows[0]!.n;
}

/** The caller's days from the last one before the first stale one on, in order; none where none is stale. */
export async function listKnownDays(session: Person): Promise<KnownDay[]> {
  const { rows } = await sql<KnownDay>`
    with first as (
      select min(day) as day from coffee.time_days where computed_version is distinct from version)
    select d.day - date '1970-01-01' as day, d.version::text, d.has_events as "hasEvents",
      d.computed_version is distinct from d.version as stale, d.before, d.after
    from coffee.time_days d, first
    where d.day >= coalesce((select max(e.day) from coffee.time_days e where e.day < first.day), first.day)
    order by d.day`.execute(session.db);
  return rows;
}

/** An event of a day as it is kept: a record, and the stream that its person put it in. */
export type KeptEvent = ActivityRecord & {
  readonly machine: string;
  readonly assigned: string | null;
};

/** Whatever takes effect on a UTC day, and logs that reach into it, in no order. Ids are event keys. */
export async function listEventsOf(session: Person, day: number): Promise<KeptEvent[]> {
  const from = new Date(day * DAY_MS);
  const to = new Date((day + 1) * DAY_MS);
  const stamp = (column: string) =>
    sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const { rows } = await sql<KeptEvent>`
    select 1 as v, e.event_key as id, ${stamp('e.at')} as at, e.type, e.source, e.machine_id::text as machine,
      e.session_id, e.folder, e.git_project, e.status,
      e.idle_duration_ms::float8 as idle_duration_ms, e.window_app_id, e.actor, e.action, e.issue,
      ${stamp('e.started_at')} as started_at, e.duration_ms::float8 as duration_ms,
      a.stream_id::text as assigned
    from coffee.activity_events e
    left join coffee.stream_assignments a on a.person_id = e.person_id and a.machine_id = e.machine_id
      and a.subject = 'event' and a.key_hash = md5(e.event_key)::uuid
    where e.effective_at >= ${from} and e.effective_at < ${to}
      or e.type = 'manual_log' and e.effective_at >= ${new Date(Number(from) - DAY_MS)} and e.effective_at < ${from}
        and e.effective_at + make_interval(secs => e.duration_ms / 1000.0) > ${from}`.execute(
    session.db,
  );
  return rows;
}

export interface KnownSession {
  readonly machine: string;
  readonly session: string;
  readonly type: 'user' | 'subagent' | 'agent' | null;
  readonly top: string;
  /** Where the top session's earliest event that has a place was. */
  readonly place: string | null;
}

/** The sessions that have events on a UTC day. */
export async function listSessionsOf(session: Person, day: number): Promise<KnownSession[]> {
  const { rows } = await sql<KnownSession>`
    select s.machine_id::text as machine, s.session_id as session, s.session_type as type,
      s.top_session_id as top, p.place
    from (select distinct e.machine_id, e.session_id from coffee.activity_events e
      where e.session_id is not null and e.effective_at >= ${new Date(day * DAY_MS)}
        and e.effective_at < ${new Date((day + 1) * DAY_MS)}) e
    join coffee.agent_sessions s using (machine_id, session_id)
    left join lateral (select t.place from coffee.agent_sessions t
      where t.machine_id = s.machine_id and t.top_session_id = s.top_session_id and t.place is not null
      order by t.place_at, t.place_event limit 1) p on true`.execute(session.db);
  return rows;
}

export interface Said {
  readonly machine: string;
  readonly subject: 'session' | 'place';
  readonly key: string;
  readonly streams: string[];
}

/** What the caller said of sessions and places: of itself, else of the events there. */
export async function listSaid(session: Person): Promise<Said[]> {
  const { rows } = await sql<Said>`
    with own as (
      select a.machine_id, a.subject, a.key, a.stream_id, true as itself
      from coffee.stream_assignments a where a.subject <> 'event'
      union
      select a.machine_id, 'session', a.session_id, a.stream_id, false
      from coffee.stream_assignments a where a.subject = 'event' and a.session_id is not null
      union
      select a.machine_id, 'place', a.place, a.stream_id, false
      from coffee.stream_assignments a where a.subject <> 'place' and a.place is not null
    )
    select o.machine_id::text as machine, o.subject, o.key, array_agg(distinct o.stream_id::text) as streams
    from (select own.*, bool_or(own.itself) over (partition by machine_id, subject, key) as said from own) o
    where o.itself or not o.said
    group by 1, 2, 3`.execute(session.db);
  return rows;
}

/** Folders whose repository is known. */
export async function listRepositories(
  session: Person,
): Promise<{ machine: string; folder: string; repository: string }[]> {
  const { rows } = await sql<{ machine: string; folder: string; repository: string }>`
    select machine_id::text as machine, folder, git_project as repository
    from coffee.work_folders`.execute(session.db);
  return rows;
}

/** Place → its stream on that machine, which is made where there is none. */
export async function findStreams(
  session: Person,
  machine: string,
  places: readonly { place: string; name: string }[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ place: string; id: string }>`
    select place, id::text from coffee.find_streams(${machine},
      ${places.map(({ place }) => place)}::text[], ${places.map(({ name }) => name)}::text[])
  `.execute(session.db);
  return new Map(rows.map(({ place, id }) => [place, id]));
}

export interface ComputedDay {
  readonly day: number;
  /** As it was read; 0 where there was none. */
  readonly version: string;
  readonly hasEvents: boolean;
  readonly dependsOn: readonly string[];
  /** Undefined: nothing is left of it. */
  readonly allocated: AllocatedDay | undefined;
}

/** Saves all of them, or throws `conflict` where one was computed from what is no longer so. */
export async function saveDays(session: Person, days: readonly ComputedDay[]): Promise<void> {
  const document = days.map(({ day, version, hasEvents, dependsOn, allocated }) => ({
    day: dateOf(day * DAY_MS),
    version,
    ...(allocated === undefined
      ? { gone: true }
      : {
          has_events: hasEvents,
          before: allocated.before,
          after: allocated.after,
          cut_timers: allocated.cutTimers,
          depends_on: dependsOn,
          intervals: [...allocated.direct, ...allocated.delegated].map((one) => ({
            credited_by: one.by,
            starts_at: one.from,
            ends_at: one.to,
            stream_id: one.stream,
            issue: one.issue,
            machine_id: one.machine,
            session_id: one.session,
          })),
        }),
  }));
  await sql`select coffee.save_time_days(${JSON.stringify(document)}::jsonb)`.execute(session.db);
}
