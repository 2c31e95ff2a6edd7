import { openDatabase } from './driver';
import type { SqlitePlace } from './place';

/** The predecessor's tables, as far as this work touches them. */
const ANALYTICS = `
  create table if not exists traces (
    id text primary key, name text, user_id text, input text, output text,
    created_at text not null, updated_at text);
  create table if not exists generations (
    id text primary key, trace_id text not null, name text, model text, input text, output text,
    input_tokens integer, output_tokens integer, total_cost real, created_at text not null);
  create index if not exists generations_trace on generations (trace_id);
  create index if not exists generations_created on generations (created_at);
  create table if not exists usage_records (
    id integer primary key, person text not null, folder text not null, total_tokens integer);
`;
const NOTIFICATIONS = `
  create table if not exists notifications (
    id integer primary key autoincrement, type text not null, priority text default 'normal',
    title text not null, message text, context text, status text default 'pending',
    user_response text, created_at text not null, updated_at text);
  create index if not exists notifications_status on notifications (status);
  create index if not exists notifications_created on notifications (created_at);
  create table if not exists roadmap_history (
    id integer primary key, changed_by text not null, priority_name text, after_text text);
`;
const INNER = `
  create table if not exists execution_log (
    id integer primary key, level text not null, message text not null, created_at text not null);
`;

export function makeTables(place: SqlitePlace): void {
  for (const [file, schema] of [
    [place.analytics, ANALYTICS],
    [place.notifications, NOTIFICATIONS],
    [place.inner, INNER],
  ] as const) {
    const database = openDatabase(file);
    database.exec(schema);
    database.close();
  }
}
