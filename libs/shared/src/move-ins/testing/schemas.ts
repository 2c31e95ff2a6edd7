/** The tables of the older systems, as their own programs made them. */

export const ABSOLUTELYRIGHT = `
  create table day_counts (day text not null, workstation_id text not null, patterns text not null default '{}',
    total_messages integer not null default 0, primary key (day, workstation_id))`;

export const CCU = `
  create table usage_records (id integer primary key autoincrement, date text not null, timestamp text not null,
    session_id text not null, message_uuid text not null, message_type text not null, model text, folder text not null,
    git_branch text, version text not null, input_tokens integer not null, output_tokens integer not null,
    cache_creation_tokens integer not null, cache_read_tokens integer not null, total_tokens integer not null,
    machine_name text, content text, cost real, unique (session_id, message_uuid))`;

/** A row of ccu's table. */
export function ccuRow(n: number, change: Record<string, unknown> = {}): Record<string, unknown> {
  const tokens = {
    input_tokens: 100 + n,
    output_tokens: 20,
    cache_creation_tokens: 30,
    cache_read_tokens: 40,
  };
  return {
    date: '2025-10-21',
    timestamp: new Date(Date.UTC(2025, 9, 21, 10, 0, n)).toISOString(),
    session_id: 'session-1',
    message_uuid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    message_type: 'assistant',
    model: 'claude-sonnet-4-20250514',
    folder: '/home/ada/project',
    git_branch: 'main',
    version: '2.0.1',
    ...tokens,
    total_tokens: 190 + n,
    machine_name: 'HOME-WT',
    content: null,
    cost: 0.01,
    ...change,
  };
}
