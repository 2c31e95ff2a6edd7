import { createHash } from 'node:crypto';
import type { MovedNotification } from '../queries';
import { readInstant } from '../files/instant';
import type { SqliteFile, SqliteRow } from '../files/sqlite';

export type NotificationRow =
  { row: string; moved: MovedNotification } | { row: string; reason: 'time' | 'context' };

/** Kinds of earlier designs, as those of today. */
const KINDS = new Map([
  ['status', 'info'],
  ['alert', 'warning'],
]);
const LONGEST_TITLE = 300;

/** All notifications, with what was answered. */
export function* readNotifications(database: SqliteFile, file: string): Generator<NotificationRow> {
  for (const rows of database.pages('notifications'))
    for (const row of rows) yield readRow(row, `${file} notification ${row.id}`);
}

function readRow(row: SqliteRow, place: string): NotificationRow {
  const created = readInstant(row.created_at);
  const updated = readInstant(row.updated_at) ?? created;
  if (created === undefined || updated === undefined) return { row: place, reason: 'time' };
  const context = readContext(row.context);
  if (context === undefined) return { row: place, reason: 'context' };
  const { status, source, channels, user_response: response } = row;
  const title = String(row.title ?? row.message ?? '').trim();
  const more = Object.entries({ status, source, channels, response, updated_at: updated });
  return {
    row: `${place}: ${title.slice(0, 60)}`,
    moved: {
      // Two installations number alike.
      key: `${row.id}:${digest(`${String(row.created_at)} ${title}`)}`,
      kind: KINDS.get(String(row.type)) ?? String(row.type),
      priority: String(row.priority ?? 'normal'),
      title: title.slice(0, LONGEST_TITLE),
      message: typeof row.message === 'string' ? row.message : '',
      context: {
        ...context,
        moved_in: Object.fromEntries([
          ['id', row.id],
          ...more.filter(([, value]) => value !== null && value !== undefined),
        ]) as Record<string, unknown>,
      },
      answer: typeof response === 'string' && response.trim() !== '' ? response : null,
      created_at: created,
      answered_at: updated,
    },
  };
}

function readContext(value: unknown): Record<string, unknown> | undefined {
  if (value === null || value === undefined || value === '') return {};
  try {
    const read: unknown = JSON.parse(String(value));
    if (typeof read === 'object' && read !== null && !Array.isArray(read))
      return read as Record<string, unknown>;
    return { context: read };
  } catch {
    return undefined;
  }
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);
