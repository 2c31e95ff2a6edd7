import { NO_COUNTS } from '../../imports/import-counts';
import type { MoveContext } from '../kinds';
import { moveAssignments } from '../queries';
import type { FoundMachine } from './machine-of';
import type { TtSource, TtStream } from './open-source';
import { readEvent, toRecord } from './tt-event';

const AT_ONCE = 5000;
/** An answer of the database: tt's machine, then what is said. */
type Row = { machine_id: string | null; session_id: string };

/**
 * tt's streams, with their tags, on each machine that has events of them, and what belongs to them: a session
 * where all of its events do that belong to any, else event by event. What was said here since stays.
 */
export async function moveStreams(
  context: MoveContext,
  { database, streams }: TtSource,
  machineOf: (id: string | null) => Promise<FoundMachine>,
): Promise<void> {
  if (database === undefined) return;
  const { session, tally, signal } = context;
  const prefix = `case when substr(id, 37, 1) = ':' then substr(id, 1, 36) end`;
  const machine = database.columns('events').has('machine_id')
    ? `coalesce(machine_id, ${prefix})`
    : prefix;
  // Once: each stream asks for it, and each page of its events.
  const whole = database.keep(
    'whole_sessions',
    'session_id',
    `select session_id from events where stream_id is not null and session_id is not null
      group by session_id having count(distinct stream_id) = 1`,
  );
  for (const stream of streams) {
    signal?.throwIfAborted();
    tally.read++;
    tally.sum('streams', 1);
    let said = 0;
    const say = async (of: string | null, subject: 'session' | 'event', keys: string[]) => {
      const { id } = await machineOf(of);
      said += await moveAssignments(session, id, stream, subject, keys);
    };
    const sessions = database.all(
      `select distinct ${machine} as machine_id, session_id from events
        where stream_id = ? and session_id in ${whole}`,
      stream.id,
    ) as Row[];
    for (const [of, keys] of group(sessions.map((row) => [row.machine_id, row.session_id])))
      for (let i = 0; i < keys.length; i += AT_ONCE)
        await say(of, 'session', keys.slice(i, i + AT_ONCE));
    for (const rows of eventsOf(database, stream, whole)) {
      const named: [string | null, string][] = [];
      for (const row of rows) {
        const event = readEvent(row);
        if (event === 'nameless' || event.type === 'agent_session') continue;
        const record = toRecord(event, (await machineOf(event.machine)).id);
        if (typeof record !== 'string') named.push([event.machine, record.id]);
      }
      for (const [of, keys] of group(named)) await say(of, 'event', keys);
    }
    tally.sum('assigned', said);
    tally.add({ ...NO_COUNTS, ...(said > 0 ? { inserted: 1 } : { duplicate: 1 }) });
  }
}

function* eventsOf(
  database: NonNullable<TtSource['database']>,
  stream: TtStream,
  whole: string,
): Generator<Record<string, unknown>[]> {
  for (let last = -1; ;) {
    const rows = database.all(
      `select rowid as _row, * from events where stream_id = ? and rowid > ?
        and (session_id is null or session_id not in ${whole}) order by rowid limit ?`,
      stream.id,
      last,
      AT_ONCE,
    );
    if (rows.length === 0) return;
    last = Number(rows.at(-1)!._row);
    yield rows;
  }
}

function group<Key>(pairs: readonly [Key, string][]): Map<Key, string[]> {
  const found = new Map<Key, string[]>();
  for (const [key, value] of pairs) {
    const values = found.get(key);
    if (values === undefined) found.set(key, [value]);
    else values.push(value);
  }
  return found;
}
