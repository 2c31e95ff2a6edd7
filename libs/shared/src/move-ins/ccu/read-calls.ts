import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../errors';
import { readInstant } from '../files/instant';
import { isFolder, isSqlite, readJson } from '../files/source-file';
import { openSqlite } from '../files/sqlite';

/** A call as ccu kept it: one line of a transcript, without the message's id. */
export interface CcuCall {
  at: string;
  line_uuid: string;
  session_id: string;
  model: string | null;
  folder: string | null;
  git_branch: string | null;
  version: string | null;
  input_tokens: number;
  output_tokens: number;
  cache_write_tokens: number;
  cache_read_tokens: number;
}

export type CcuRow =
  | { row: string; machine: string | null; call: CcuCall; cost: number }
  | { row: string; reason: 'prompt' | 'time' | 'nameless' | 'tokens' };

type Fields = Record<string, unknown>;

const misread = (file: string): AppError =>
  new AppError('invalid_input', `no usage records of ccu are in ${file}`, {
    hint: 'Name a usage_history_MACHINE.db, or a usage_data_MACHINE.json of its gist, or their folder.',
  });

/** The records of one database or file, or of all in a folder: those of a gist, with its manifest. */
export function* readCalls(source: string): Generator<CcuRow> {
  if (!isFolder(source)) {
    yield* readOne(source);
    return;
  }
  const files = filesOf(source);
  if (files.length === 0) throw misread(source);
  for (const file of files) yield* readOne(path.join(source, file));
}

/** Backups say what the files themselves say. */
function filesOf(folder: string): string[] {
  const all = readdirSync(folder).sort();
  const databases = all.filter((name) => /^usage_history_.+\.db$/.test(name));
  const manifest = path.join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    const files = all.filter(
      (name) => /^usage_data_.+\.json$/.test(name) && !/_backup_/.test(name),
    );
    return [...databases, ...files];
  }
  const { version, machines } = readJson(manifest) as { version?: unknown; machines?: Fields[] };
  if (typeof version !== 'string' || !version.startsWith('1.') || !Array.isArray(machines))
    throw new AppError('invalid_input', `${manifest} is no manifest of version 1`);
  const named = machines.flatMap(({ data_files, current_file }) =>
    Array.isArray(data_files) && data_files.length > 0 ? data_files : [current_file],
  );
  return [
    ...databases,
    ...new Set(
      named
        .filter((name): name is string => typeof name === 'string')
        .map((name) => path.basename(name)),
    ),
  ];
}

function* readOne(file: string): Generator<CcuRow> {
  const name = path.basename(file);
  if (isSqlite(file)) {
    const database = openSqlite(file);
    try {
      if (!database.tables.has('usage_records')) throw misread(file);
      const machine = /^usage_history_(.+)\.db$/.exec(name)?.[1] ?? null;
      for (const rows of database.pages('usage_records'))
        for (const row of rows) yield readCall(row, machine, `${name} row ${row._row}`);
    } finally {
      database.close();
    }
    return;
  }
  const { records, machine_name } = (readJson(file) ?? {}) as Fields;
  if (!Array.isArray(records)) throw misread(file);
  const machine = typeof machine_name === 'string' ? machine_name : null;
  for (const [i, record] of records.entries())
    yield readCall((record ?? {}) as Fields, machine, `${name} record ${i + 1}`);
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
const tokens = (value: unknown): number =>
  value == null ? 0 : typeof value === 'number' && Number.isInteger(value) ? value : -1;

function readCall(fields: Fields, machine: string | null, place: string): CcuRow {
  const at = readInstant(fields.timestamp);
  const uuid = text(fields.message_uuid);
  const session = text(fields.session_id);
  const row = uuid === null ? place : `${place}: ${uuid}`;
  if (fields.message_type != null && fields.message_type !== 'assistant')
    return { row, reason: 'prompt' };
  if (at === undefined) return { row, reason: 'time' };
  if (uuid === null || session === null) return { row, reason: 'nameless' };
  const call: CcuCall = {
    at,
    line_uuid: uuid,
    session_id: session,
    model: text(fields.model),
    folder: text(fields.folder),
    git_branch: text(fields.git_branch),
    version: text(fields.version),
    input_tokens: tokens(fields.input_tokens),
    output_tokens: tokens(fields.output_tokens),
    cache_write_tokens: tokens(fields.cache_creation_tokens),
    cache_read_tokens: tokens(fields.cache_read_tokens),
  };
  const all = [
    call.input_tokens,
    call.output_tokens,
    call.cache_write_tokens,
    call.cache_read_tokens,
  ];
  if (all.some((n) => n < 0 || n > 1e9)) return { row, reason: 'tokens' };
  const cost = typeof fields.cost === 'number' && Number.isFinite(fields.cost) ? fields.cost : 0;
  return { row, machine: text(fields.machine_name) ?? machine, call, cost };
}
