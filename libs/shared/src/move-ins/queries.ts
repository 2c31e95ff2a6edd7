import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { ImportCounts } from '../imports/import-counts';
import { eventsToJson } from '../traces/event-json';
import type { TraceEvent } from '../traces/trace-event';
import type { Totals } from './tally';

type Person = Session<'person'>;

export interface MoveBatch {
  id: number;
  kind: string;
  source: string;
  moved_at: Date;
  rolled_back_at: Date | null;
  summary: Record<string, unknown>;
}

/** The caller's own, the first first. */
export async function listMoveIns(session: Person): Promise<MoveBatch[]> {
  const { rows } = await sql<MoveBatch>`
    select id, kind, source, moved_at, rolled_back_at, summary from coffee.move_batches order by id`.execute(
    session.db,
  );
  return rows;
}

/** From here to finishMoveIn the transaction's changes are journaled. Returns the batch's number. */
export async function beginMoveIn(session: Person, kind: string, source: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select coffee.begin_move_in(${kind}, ${source}) as id`.execute(session.db);
  return rows[0]!.id;
}

export async function finishMoveIn(session: Person, summary: object): Promise<void> {
  await sql`select coffee.finish_move_in(${JSON.stringify(summary)}::jsonb)`.execute(session.db);
}

export interface RolledBack {
  /** Rows of the journal. */
  changes: number;
  /** Those that were changed since. */
  kept: number;
  /** The numbers of priorities among them, in the order of work. */
  priorities: string[];
}

/** Throws `not_found`, and `conflict` where rows were changed since, unless `keepChanged` leaves those. */
export async function rollBackMoveIn(
  session: Person,
  batch: number,
  { keepChanged = false }: { keepChanged?: boolean } = {},
): Promise<RolledBack> {
  const { rows } = await sql<{ result: RolledBack }>`
    select coffee.roll_back_move_in(${batch}, ${keepChanged}) as result`.execute(session.db);
  return rows[0]!.result;
}

/** The id of the machine that an older system calls so, which is made known if it is not. */
export async function moveMachine(session: Person, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select coffee.move_machine(${name}) as id`.execute(session.db);
  return rows[0]!.id;
}

export interface CountedDay {
  /** UTC. */
  day: string;
  patterns: Record<string, number>;
  total: number;
}

/** At most 5,000 days of one machine. */
export async function moveDays(
  session: Person,
  machine: string,
  days: readonly CountedDay[],
): Promise<ImportCounts> {
  const { rows } = await sql<{ counts: ImportCounts }>`
    select coffee.move_in_days(${machine}, ${JSON.stringify(days)}::jsonb) as counts`.execute(
    session.db,
  );
  return rows[0]!.counts;
}

/** Messages by pattern over all of the caller's machines and days; all of them under `messages`. */
export async function totalPhrases(session: Person): Promise<Totals> {
  const { rows } = await sql<{ name: string; n: number }>`
    select case pattern when '' then 'messages' else pattern end as name, sum(messages)::bigint as n
    from analytics.phrase_days group by pattern order by pattern`.execute(session.db);
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

/** The caller's ledger of calls. */
export async function totalCalls(session: Person): Promise<Totals> {
  const { rows } = await sql<Totals>`
    select coalesce(sum(calls), 0)::bigint as calls, coalesce(sum(input_tokens), 0)::bigint as input_tokens,
      coalesce(sum(output_tokens), 0)::bigint as output_tokens,
      coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
      coalesce(sum(cache_write_5m_tokens + cache_write_1h_tokens), 0)::bigint as cache_write_tokens,
      round(coalesce(sum(cost_nanos), 0) / 1e9, 6)::float8 as cost_usd
    from coffee.usage_days where zone = 'UTC'`.execute(session.db);
  return rows[0]!;
}

/** Time that the caller has moved in from FlowForge. */
export async function totalTimes(session: Person): Promise<Totals> {
  const { rows } = await sql<{ sessions: number; ms: number }>`
    select count(*)::int as sessions, coalesce(sum(duration_ms), 0)::float8 as ms
    from coffee.activity_events
    where type = 'manual_log' and source = 'manual' and id like '%:flowforge:%'`.execute(
    session.db,
  );
  const { sessions, ms } = rows[0]!;
  return { sessions, time_seconds: Math.round(ms / 1000) };
}

export interface ManualLog {
  id: string;
  issue: string | null;
  started_at: Date;
  duration_ms: number;
}

/** The caller's logs whose id is like a pattern of SQL. */
export async function listManualLogs(session: Person, pattern: string): Promise<ManualLog[]> {
  const { rows } = await sql<ManualLog>`
    select id, issue, started_at, duration_ms::float8 as duration_ms from coffee.activity_events
    where type = 'manual_log' and source = 'manual' and id like ${pattern} order by id`.execute(
    session.db,
  );
  return rows;
}

/** Sessions whose calls the ledger knows by their messages, from transcripts. */
export async function listTranscribedSessions(session: Person): Promise<Set<string>> {
  const { rows } = await sql<{ session_id: string }>`
    select distinct session_id from coffee.usage_records
    where message_id <> '' and session_id is not null`.execute(session.db);
  return new Set(rows.map(({ session_id }) => session_id));
}

/** Sessions whose tools are known by name, as transcripts tell them. `unknown`: the name of no tool. */
export async function listToldSessions(session: Person, unknown: string): Promise<Set<string>> {
  const { rows } = await sql<{ session_id: string }>`
    select distinct session_id from coffee.activity_events
    where type = 'agent_tool_use' and tool <> ${unknown} and session_id is not null`.execute(
    session.db,
  );
  return new Set(rows.map(({ session_id }) => session_id));
}

/**
 * Says that these sessions (their ids) or events (their records' ids) belong to the stream of that name on a
 * machine, which is made where it is needed; at most 5,000. What was said of them before stays. Returns of
 * how many it was said.
 */
export async function moveAssignments(
  session: Person,
  machineId: string,
  stream: { name: string; tags: readonly string[] },
  subject: 'session' | 'event',
  keys: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(coffee.move_assignments(${machineId}, ${stream.name}, ${stream.tags}::text[], ${subject},
      ${keys}::text[]), 0) as n`.execute(session.db);
  return rows[0]!.n;
}

/** The caller's events by type, and what they said about them. */
export async function totalActivity(session: Person): Promise<Totals> {
  const { rows } = await sql<{ name: string; n: number }>`
    select type as name, count(*)::int as n from coffee.activity_events group by type
    union all
    select 'streams', count(*)::int from coffee.streams where place is null and merged_into is null
    having count(*) > 0
    union all
    select 'assigned', count(*)::int from coffee.stream_assignments having count(*) > 0
    order by name`.execute(session.db);
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

/** What became of rows of a project, and which of them were refused. */
export type TeamCounts = ImportCounts & { refused_rows: { id: string; reason: string }[] };

/** At most 10,000, each of another row. Throws `not_found` for a project of another team. */
export async function moveTraces(
  session: Person,
  projectId: string,
  events: readonly TraceEvent[],
): Promise<TeamCounts> {
  const { rows } = await sql<{ counts: TeamCounts }>`
    select coffee.move_in_traces(${projectId}, ${eventsToJson(events)}::jsonb) as counts`.execute(
    session.db,
  );
  return rows[0]!.counts;
}

export interface MovedNotification {
  /** The same whenever it is read. */
  key: string;
  kind: string;
  priority: string;
  title: string;
  message: string;
  context: object;
  answer: string | null;
  created_at: string;
  answered_at: string;
}

/** At most 5,000. Throws `not_found` for a project of another team. */
export async function moveNotifications(
  session: Person,
  projectId: string,
  notifications: readonly MovedNotification[],
): Promise<TeamCounts> {
  const { rows } = await sql<{ counts: TeamCounts }>`
    select coffee.move_in_notifications(${projectId}, ${eventsToJson(notifications)}::jsonb) as counts`.execute(
    session.db,
  );
  return rows[0]!.counts;
}

/** A project's priorities, its traces and what was asked in it. */
export async function totalProject(session: Person, projectId?: string): Promise<Totals> {
  const { rows } = await sql<Totals>`
    select (select count(*)::int from coffee.roadmap_items i where i.project_id = p.id) as priorities,
      (select count(*)::int from coffee.traces t where t.project_id = p.id) as traces,
      g.generations, g.tokens, g.cost_usd,
      (select count(*)::int from coffee.spans s where s.project_id = p.id) as spans,
      (select count(*)::int from coffee.events e where e.project_id = p.id) as events,
      n.notifications, n.answers
    from coffee.projects p
    cross join lateral (select count(*)::int as generations,
        coalesce(sum(input_tokens + output_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens), 0)::float8 as tokens,
        round(coalesce(sum(cost_nanos), 0) / 1e9, 6)::float8 as cost_usd
      from coffee.generations c where c.project_id = p.id) g
    cross join lateral (select count(*)::int as notifications, count(*) filter (where state = 'answered')::int as answers
      from coffee.notifications c where c.project_id = p.id) n
    where p.id = ${projectId}`.execute(session.db);
  return rows[0] ?? {};
}
