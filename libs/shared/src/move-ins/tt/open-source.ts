import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../errors';
import { readLines } from '../files/lines';
import { isFolder, isSqlite, readJson } from '../files/source-file';
import { openSqlite, type SqliteFile } from '../files/sqlite';
import { readEvent, type TtEvent, type TtFields } from './tt-event';

/** Streams of tt with what was said to be theirs, by tt's ids. */
export interface TtStream {
  id: string;
  name: string;
  tags: string[];
}

export interface TtSource {
  /** The machine on which this was kept, as its machine.json says. */
  home: { id: string; label: string | null } | undefined;
  /** tt's ids of machines → what its person calls them. */
  labels: ReadonlyMap<string, string>;
  /** Sessions of which there are messages or tools with ids of today's form, too. */
  namedSessions: ReadonlySet<string>;
  streams: readonly TtStream[];
  database: SqliteFile | undefined;
  rows(): Generator<{ row: string; event: TtEvent } | { row: string; reason: string }>;
  close(): void;
}

/** The longest line that tt wrote had a few hundred bytes. */
const LONGEST = 256 * 1024;
const DATABASE = 'tt.db';
/** The rotated one is the older. */
const FILES = ['events.jsonl.1', 'events.jsonl'];
const SCHEMAS = [7, 8, 9, 10];

/** tt's database, a file of its events, or the folder of both. Throws `invalid_input` for what is none. */
export function openTt(source: string): TtSource {
  const inFolder = isFolder(source);
  const folder = inFolder ? source : path.dirname(source);
  const database = inFolder ? path.join(folder, DATABASE) : source;
  const files = inFolder
    ? FILES.map((name) => path.join(folder, name)).filter((file) => existsSync(file))
    : isSqlite(source)
      ? []
      : [source];
  const sqlite = (inFolder ? existsSync(database) : files.length === 0)
    ? openDatabase(database)
    : undefined;
  if (sqlite === undefined && files.length === 0) throw misread(source);
  return {
    home: inFolder || files.length > 0 ? readHome(folder) : undefined,
    labels: sqlite === undefined ? new Map() : readLabels(sqlite),
    namedSessions: sqlite === undefined ? new Set() : readNamedSessions(sqlite),
    streams: sqlite === undefined ? [] : readStreams(sqlite),
    database: sqlite,
    *rows() {
      if (sqlite !== undefined) yield* readDatabase(sqlite, path.basename(database));
      for (const file of files) yield* readFile(file);
    },
    close: () => sqlite?.close(),
  };
}

function openDatabase(file: string): SqliteFile {
  const database = openSqlite(file);
  const known =
    database.tables.has('events') &&
    ['type', 'timestamp'].every((name) => database.columns('events').has(name));
  if (!known) {
    database.close();
    throw misread(file);
  }
  const version = database.tables.has('schema_info')
    ? database.all('select version from schema_info')[0]?.version
    : undefined;
  if (version !== undefined && !SCHEMAS.includes(Number(version))) {
    database.close();
    throw new AppError('invalid_input', `${file} has schema ${version} of tt`, {
      hint: `Known are ${SCHEMAS.join(', ')}. Its events.jsonl can be moved in by itself.`,
    });
  }
  return database;
}

const misread = (file: string): AppError =>
  new AppError('invalid_input', `no events of tt are in ${file}`, {
    hint: 'Name its tt.db, an events.jsonl, or the folder of both.',
  });

function readHome(folder: string): TtSource['home'] {
  const file = path.join(folder, 'machine.json');
  if (!existsSync(file)) return undefined;
  const { machine_id: id, label } = (readJson(file) ?? {}) as TtFields;
  return typeof id === 'string'
    ? { id, label: typeof label === 'string' && label !== '' ? label : null }
    : undefined;
}

function readLabels(database: SqliteFile): Map<string, string> {
  if (!database.tables.has('machines')) return new Map();
  const rows = database.all('select machine_id, label from machines where label is not null');
  return new Map(rows.map(({ machine_id, label }) => [String(machine_id), String(label)]));
}

function readNamedSessions(database: SqliteFile): Set<string> {
  const rows = database.all(
    `select distinct session_id from events where session_id is not null
      and type in ('user_message', 'agent_tool_use') and id like '%remote.agent:' || type || ':%'`,
  );
  return new Set(rows.map(({ session_id }) => String(session_id)));
}

function readStreams(database: SqliteFile): TtStream[] {
  if (!database.tables.has('streams')) return [];
  const tags = new Map<string, string[]>();
  if (database.tables.has('stream_tags'))
    for (const { stream_id, tag } of database.all('select * from stream_tags order by 1, 2'))
      tags.set(String(stream_id), [...(tags.get(String(stream_id)) ?? []), String(tag)]);
  return database.all('select id, name from streams order by created_at, id').map((row) => {
    const id = String(row.id);
    return { id, name: String(row.name ?? `stream ${id.slice(0, 8)}`), tags: tags.get(id) ?? [] };
  });
}

function* readDatabase(database: SqliteFile, name: string): ReturnType<TtSource['rows']> {
  for (const rows of database.pages('events'))
    for (const row of rows) yield read(row, `${name} row ${row._row}`);
  if (!database.tables.has('agent_sessions')) return;
  for (const rows of database.pages('agent_sessions'))
    for (const row of rows) yield* readSession(row, `${name} session ${row._row}`);
}

function read(row: TtFields, place: string): { row: string; event: TtEvent } | Refused {
  const event = readEvent(row);
  return event === 'nameless'
    ? { row: place, reason: event }
    : { row: `${place}: ${event.id}`, event };
}

interface Refused {
  row: string;
  reason: string;
}

/** A session that tt had indexed, as its two ends. */
function* readSession(row: TtFields, place: string): ReturnType<TtSource['rows']> {
  const { session_id, start_time, end_time, project_path, ...rest } = row;
  const ends: [string, unknown][] = [
    ['started', start_time],
    ['ended', end_time ?? start_time],
  ];
  for (const [action, timestamp] of ends)
    yield read(
      {
        ...rest,
        ...{ id: `${String(session_id)}-${action}`, type: 'agent_session', action, timestamp },
        ...{ session_id, cwd: project_path },
      },
      place,
    );
}

function* readFile(file: string): ReturnType<TtSource['rows']> {
  const name = path.basename(file);
  let n = 0;
  for (const line of readLines(file, LONGEST)) {
    const place = `${name} line ${++n}`;
    if (line === undefined) yield { row: place, reason: 'too_long' };
    else if (line.trim() !== '') yield* readLine(line, place);
  }
}

function* readLine(line: string, place: string): ReturnType<TtSource['rows']> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null) yield { row: place, reason: 'not_json' };
  else if ((value as TtFields).type === 'session_metadata')
    yield* readSession(value as TtFields, place);
  else yield read(value as TtFields, place);
}
