import { sql } from 'kysely';
import type { Session } from '../../db/session';

type Person = Session<'person'>;

/** A stream of one's own on a machine that has reported; its id. */
export async function createStream(
  session: Person,
  machineId: string,
  name: string,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select coffee.create_stream(${machineId}, ${name})::text as id`.execute(session.db);
  return rows[0]!.id;
}

export async function renameStream(session: Person, id: string, name: string): Promise<void> {
  await sql`select coffee.rename_stream(${id}, ${name})`.execute(session.db);
}

/** All of one becomes part of the other. Throws `invalid_input` for streams of two machines. */
export async function mergeStreams(session: Person, id: string, into: string): Promise<void> {
  await sql`select coffee.merge_streams(${id}, ${into})`.execute(session.db);
}

/** False: it had the tag already. */
export async function tagStream(session: Person, id: string, tag: string): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select coffee.tag_stream(${id}, ${tag}) as done`.execute(session.db);
  return rows[0]!.done;
}

/** False: it did not have the tag. */
export async function untagStream(session: Person, id: string, tag: string): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select coffee.untag_stream(${id}, ${tag}) as done`.execute(session.db);
  return rows[0]!.done;
}

export type Subject = 'event' | 'session' | 'place';

/** What a call takes. */
const MOST_KEYS = 5_000;

/** Says that these are the stream's; how many of them are there to say it of. */
export async function assignToStream(
  session: Person,
  id: string,
  subject: Subject,
  keys: readonly string[],
): Promise<number> {
  let assigned = 0;
  for (let first = 0; first < keys.length; first += MOST_KEYS) {
    const some = keys.slice(first, first + MOST_KEYS);
    const { rows } = await sql<{ n: number }>`
      select coffee.assign_to_stream(${id}, ${subject}, ${some}::text[]) as n`.execute(session.db);
    assigned += rows[0]!.n;
  }
  return assigned;
}

export interface Assigned {
  readonly subject: Subject;
  readonly key: string;
}

/** What the caller said is the stream's; of events only how many. */
export async function listAssigned(
  session: Person,
  id: string,
): Promise<{ named: Assigned[]; events: number }> {
  const { rows } = await sql<Assigned>`
    select subject, key from coffee.stream_assignments
    where stream_id = ${id} order by subject, key`.execute(session.db);
  const named = rows.filter(({ subject }) => subject !== 'event');
  return { named, events: rows.length - named.length };
}
