import { AppError } from '../../errors';
import { isSqlite, readJson } from '../files/source-file';
import { openSqlite, type SqliteRow } from '../files/sqlite';
import type { CountedDay } from '../queries';

/** A day as it stands in the source; `machine` null: the source does not say. */
export type DayRow =
  | { row: string; machine: string | null; counted: CountedDay }
  | { row: string; reason: 'day' | 'count' };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const MISREAD = 'no counts of AbsolutelyRight are in';
/** Counts of before there were patterns. */
const LEGACY: Record<string, string> = { count: 'absolutely', right_count: 'right' };

/** All days of a counts.db, of what /api/by-workstation or /api/history answered, or of a daily backup. */
export function* readDays(path: string): Generator<DayRow> {
  if (isSqlite(path)) {
    const file = openSqlite(path);
    try {
      if (!file.tables.has('day_counts')) throw new AppError('invalid_input', `${MISREAD} ${path}`);
      for (const rows of file.pages('day_counts')) for (const row of rows) yield readRow(row);
    } finally {
      file.close();
    }
    return;
  }
  yield* readDocument(readJson(path), path);
}

function readRow(row: SqliteRow): DayRow {
  const { _row, day, workstation_id, patterns, total_messages, ...rest } = row;
  const machine = workstation_id == null ? null : String(workstation_id);
  const where = `row ${_row}: ${day}${machine === null ? '' : ` of ${machine}`}`;
  let counts: unknown;
  try {
    counts = patterns == null ? legacyCounts(rest) : JSON.parse(String(patterns));
  } catch {
    return { row: where, reason: 'count' };
  }
  return check(where, machine, day, counts, total_messages ?? 0);
}

function legacyCounts(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(LEGACY).flatMap(([old, name]) => (row[old] == null ? [] : [[name, row[old]]])),
  );
}

function* readDocument(document: unknown, path: string): Generator<DayRow> {
  const list = isRecord(document) ? (document.workstations ?? document.data) : document;
  if (!Array.isArray(list)) throw new AppError('invalid_input', `${MISREAD} ${path}`);
  for (const [i, entry] of list.entries()) {
    if (!isRecord(entry)) throw new AppError('invalid_input', `${MISREAD} ${path}`);
    if (!Array.isArray(entry.history)) {
      yield readFlat(entry, null, `entry ${i + 1}`);
      continue;
    }
    const machine = typeof entry.workstation_id === 'string' ? entry.workstation_id : null;
    for (const day of entry.history)
      yield readFlat(isRecord(day) ? day : {}, machine, `entry ${i + 1}`);
  }
}

function readFlat(entry: Record<string, unknown>, machine: string | null, place: string): DayRow {
  const { day, total_messages, workstation_id, ...rest } = entry;
  const own = typeof workstation_id === 'string' ? workstation_id : machine;
  const counts = Object.fromEntries(
    Object.entries(rest).map(([name, n]) => [LEGACY[name] ?? name, n]),
  );
  const where = `${place}: ${String(day)}${own === null ? '' : ` of ${own}`}`;
  return check(where, own, day, counts, total_messages ?? 0);
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1e9;

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

function check(
  row: string,
  machine: string | null,
  day: unknown,
  patterns: unknown,
  total: unknown,
): DayRow {
  if (!isDay(day) || day < '2020-01-01' || Date.parse(day) > Date.now() + 86_400_000)
    return { row, reason: 'day' };
  const names = isRecord(patterns) ? Object.entries(patterns) : undefined;
  const right = names?.every(([name, n]) => /^[\x21-\x7e]{1,64}$/.test(name) && isCount(n));
  if (right !== true || names!.length > 100 || !isCount(total)) return { row, reason: 'count' };
  return {
    row,
    machine,
    counted: { day, patterns: patterns as Record<string, number>, total },
  };
}
