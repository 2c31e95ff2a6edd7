import { sql } from 'kysely';
import type { Session } from '../db/session';
import { DAY_MS, dayOf } from './allocation/days';
import type { Interval, Span } from './intervals/interval';
import { dateOf } from './periods/local-date';
import type { CutTimer, SessionFacts } from './report/report';

type Person = Session<'person'>;

/** What a person's time on one machine is for. */
export interface Stream {
  /** As in an interval; counts from 1 for each person. */
  readonly id: string;
  readonly name: string;
  readonly machineId: string;
  /** The machine's label. */
  readonly machine: string;
  /** Without credentials, as `host/us/shop`; null: it is in no repository that has one, or made by hand. */
  readonly remote: string | null;
  /** Those that were seen in its repository on that machine, or the one that it is. */
  readonly folders: readonly string[];
  readonly tags: readonly string[];
}

/**
 * The caller's credited time that lies in a period, as it was computed last, in order of time. Nothing is
 * clipped: an interval may begin before the period and end after it.
 */
export async function loadIntervals(session: Person, { from, to }: Span): Promise<Interval[]> {
  const first = dateOf(dayOf(from) * DAY_MS);
  // An agent's interval is kept with the day that it ends on.
  const last = dateOf((dayOf(to) + 1) * DAY_MS);
  const { rows } = await sql<Interval>`
    select extract(epoch from i.starts_at)::float8 * 1000 as "from",
      extract(epoch from i.ends_at)::float8 * 1000 as "to", i.credited_by as by,
      i.stream_id::text as stream, i.issue, i.machine_id::text as machine, i.session_id as session
    from coffee.time_intervals i
    where i.day between ${first}::date and ${last}::date
      and i.starts_at < ${new Date(to)} and i.ends_at > ${new Date(from)}
    order by i.starts_at, i.ends_at, i.day, i.n`.execute(session.db);
  for (const row of rows as { from: number; to: number }[]) {
    row.from = Math.round(row.from);
    row.to = Math.round(row.to);
  }
  return rows;
}

/** The caller's streams, without those that became part of others; the newest last. */
export async function loadStreams(session: Person): Promise<Stream[]> {
  const { rows } = await sql<Stream>`
    select s.id::text, s.name, s.machine_id::text as "machineId",
      coalesce(m.label, left(s.machine_id::text, 8)) as machine,
      case when s.place !~ '^(/|~|[A-Za-z]:[\\\\/])' then s.place end as remote,
      array(select f.folder from coffee.work_folders f
          where f.person_id = s.person_id and f.machine_id = s.machine_id and f.git_project = s.place
        union select s.place where s.place ~ '^(/|~|[A-Za-z]:[\\\\/])'
        order by 1) as folders,
      array(select t.tag from coffee.stream_tags t
        where t.person_id = s.person_id and t.stream_id = s.id order by 1) as tags
    from coffee.streams s
    left join coffee.machines m on m.person_id = s.person_id and m.id = s.machine_id
    where s.merged_into is null
    order by s.id`.execute(session.db);
  return rows;
}

/** The caller's agent sessions that were alive at some moment of a period, by their beginning. */
export async function listSessionFacts(
  session: Person,
  { from, to }: Span,
): Promise<SessionFacts[]> {
  const { rows } = await sql<{ first_at: Date; last_at: Date } & Omit<SessionFacts, 'from' | 'to'>>`
    select s.session_id as session, s.source,
      coalesce(s.session_type, case when s.session_id like 'agent-%' then 'subagent' else 'user' end) as type,
      s.first_at, s.last_at, null as "startingPrompt"
    from coffee.agent_sessions s
    where s.first_at < ${new Date(to)} and s.last_at >= ${new Date(from)}
    order by s.first_at, s.session_id`.execute(session.db);
  return rows.map(({ first_at, last_at, ...facts }) => ({
    ...facts,
    from: first_at.getTime(),
    to: last_at.getTime(),
  }));
}

/** Timers of a period that nobody stopped before their limit. */
export async function listCutTimers(session: Person, { from, to }: Span): Promise<CutTimer[]> {
  const { rows } = await sql<{ issue: string; at: number }>`
    select c ->> 'issue' as issue, (c ->> 'at')::float8 as at
    from coffee.time_days d cross join lateral jsonb_array_elements(d.cut_timers) c
    where d.day between ${dateOf(dayOf(from) * DAY_MS)}::date and ${dateOf(dayOf(to) * DAY_MS)}::date
      and (c ->> 'at')::float8 >= ${from} and (c ->> 'at')::float8 < ${to}
    order by 2`.execute(session.db);
  return rows.map(({ issue, at }) => ({ issue, at: new Date(at) }));
}
