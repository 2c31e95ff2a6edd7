import { sql } from 'kysely';
import type { Session } from '../db/session';
import { eventsToJson } from './event-json';
import type { KeyedRows, KeyedTraceWhole } from './keyed-rows';

/** A key pair of one project, as a request brings it. */
export interface ProjectKeyPair {
  publicKey: string;
  secretKey: string;
}

/** What became of one event of a batch. */
export interface TraceEventOutcome {
  /** From 1, in the batch's order. */
  readonly event_position: number;
  /** Null where the event has none. */
  readonly event_id: string | null;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  /** Why it is refused. */
  readonly reason: string | null;
}

/** One page of a list; `total` counts all pages. */
export interface Page<Row> {
  total: number;
  rows: Row[];
}

/** Filters by name, as db/functions/trace_reading.sql lists them; one that is undefined is none. */
export type TraceFilter = Record<string, string | number | readonly string[] | undefined>;

/**
 * Hands in events of the daemon's own attempt, at most 10,000; one outcome for each, in their order.
 * Throws `not_found` for an attempt of another daemon.
 */
export async function ingestTraces(
  session: Session<'daemon'>,
  attemptId: string | number,
  events: readonly unknown[],
): Promise<TraceEventOutcome[]> {
  const { rows } = await sql<TraceEventOutcome>`
    select * from coffee.ingest_traces(${attemptId}::bigint, ${eventsToJson(events)}::jsonb)`.execute(
    session.db,
  );
  return rows;
}

/**
 * The same for an attempt that the daemon holds or has held: calls that were made before it was taken
 * over cost what they cost. Throws `not_found` for an attempt that it never held.
 */
export async function ingestLeftTraces(
  session: Session<'daemon'>,
  attemptId: string | number,
  events: readonly unknown[],
): Promise<TraceEventOutcome[]> {
  const { rows } = await sql<TraceEventOutcome>`
    select * from coffee.ingest_left_traces(${attemptId}::bigint, ${eventsToJson(events)}::jsonb)`.execute(
    session.db,
  );
  return rows;
}

/** The same with a project's key; throws `not_allowed` for a pair that is not valid. */
export async function ingestWithKey(
  session: Session<'collector'>,
  { publicKey, secretKey }: ProjectKeyPair,
  events: readonly unknown[],
): Promise<TraceEventOutcome[]> {
  const { rows } = await sql<TraceEventOutcome>`
    select * from coffee.ingest_with_key(${publicKey}, ${secretKey}, ${eventsToJson(events)}::jsonb)`.execute(
    session.db,
  );
  return rows;
}

/** The project that the pair is for; throws `not_allowed`. */
export async function checkProjectKey(
  session: Session<'collector'>,
  { publicKey, secretKey }: ProjectKeyPair,
): Promise<{ project_id: string; project_name: string }> {
  const { rows } = await sql<{ project_id: string; project_name: string }>`
    select * from coffee.check_project_key(${publicKey}, ${secretKey})`.execute(session.db);
  return rows[0]!;
}

const LISTS = {
  traces: sql.ref('coffee.list_traces_with_key'),
  sessions: sql.ref('coffee.list_sessions_with_key'),
  observations: sql.ref('coffee.list_observations_with_key'),
  scores: sql.ref('coffee.list_scores_with_key'),
};

/** Newest first. Throws `not_allowed` for the pair and `invalid_input` for the filter. */
export async function listWithKey<What extends keyof KeyedRows>(
  session: Session<'collector'>,
  { publicKey, secretKey }: ProjectKeyPair,
  what: What,
  filter: TraceFilter = {},
): Promise<Page<KeyedRows[What]>> {
  const { rows } = await sql<{ page: Page<KeyedRows[What]> }>`
    select ${LISTS[what]}(${publicKey}, ${secretKey}, ${JSON.stringify(filter)}::jsonb) as page`.execute(
    session.db,
  );
  return rows[0]!.page;
}

/** A trace with its observations and scores; undefined where the project has none of that id. */
export async function findTraceWithKey(
  session: Session<'collector'>,
  { publicKey, secretKey }: ProjectKeyPair,
  id: string,
): Promise<KeyedTraceWhole | undefined> {
  const { rows } = await sql<{ trace: KeyedTraceWhole | null }>`
    select coffee.get_trace_with_key(${publicKey}, ${secretKey}, ${id}) as trace`.execute(
    session.db,
  );
  return rows[0]!.trace ?? undefined;
}

/** Rejects while the database is away. */
export async function mustAnswer(session: Session<'collector'>): Promise<void> {
  await sql`select 1`.execute(session.db);
}
