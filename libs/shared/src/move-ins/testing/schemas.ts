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

const TT_EVENT = `id text primary key, timestamp text not null, type text not null, source text not null,
  schema_version integer default 1, cwd text, git_project text, git_workspace text, pane_id text, tmux_session text,
  window_index integer, status text, idle_duration_ms integer, action text, session_id text,
  stream_id text references streams (id) on delete set null, assignment_source text default 'inferred'`;
const TT_SESSION = `session_id text primary key, source text not null default 'claude', parent_session_id text,
  session_type text not null default 'user', project_path text not null, project_name text not null,
  start_time text not null, end_time text, message_count integer not null, summary text,
  user_prompts text default '[]', starting_prompt text, assistant_message_count integer default 0,
  tool_call_count integer default 0`;
const TT_STREAMS = `
  create table schema_info (version integer not null);
  create table streams (id text primary key, created_at text not null, updated_at text not null, name text,
    time_direct_ms integer default 0, time_delegated_ms integer default 0, first_event_at text, last_event_at text,
    needs_recompute integer default 0);
  create table stream_tags (stream_id text not null references streams (id) on delete cascade, tag text not null,
    primary key (stream_id, tag))`;

/** Before tt knew of several machines. */
export const TT_7 = `${TT_STREAMS};
  create table events (${TT_EVENT});
  create table agent_sessions (${TT_SESSION})`;

export const TT_8 = `${TT_STREAMS};
  create table machines (machine_id text primary key, label text, last_sync_at text, last_event_id text);
  create table events (${TT_EVENT}, machine_id text);
  create table agent_sessions (${TT_SESSION}, machine_id text)`;

/** An event of tt on a machine, with an id of today's form; `machine` empty: as before there were several. */
export function ttEvent(
  machine: string,
  type: string,
  at: string,
  tail: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const source = type.startsWith('tmux') ? 'remote.tmux' : 'remote.agent';
  const own = `${source}:${type}:${at}:${tail}`;
  return {
    id: machine === '' ? own : `${machine}:${own}`,
    ...{ timestamp: at, type, source, cwd: '/home/ada/shop' },
    ...(type.startsWith('tmux') ? { pane_id: tail, tmux_session: 'main', window_index: 0 } : {}),
    ...more,
  };
}

/** coffee_maker's export of Langfuse, and its notifications. */
export const COFFEE_MAKER = `
  create table traces (id text primary key, name text, user_id text, session_id text, trace_metadata json, input text,
    output text, created_at datetime not null, updated_at datetime, release text, tags json);
  create table generations (id text primary key, trace_id text, name text, model text, model_parameters json, input text,
    output text, input_tokens integer, output_tokens integer, total_tokens integer, input_cost float, output_cost float,
    total_cost float, latency_ms float, created_at datetime not null, updated_at datetime, metadata json,
    level text default 'DEFAULT', status_message text, completion_start_time datetime, completion_end_time datetime);
  create table spans (id text primary key, trace_id text, name text, start_time datetime not null, end_time datetime,
    input text, output text, metadata json, level text default 'DEFAULT', status_message text);
  create table notifications (id integer primary key autoincrement, type text not null, priority text not null
    default 'normal', title text not null, message text not null, context text, status text not null default 'pending',
    user_response text, created_at text not null, updated_at text not null)`;

/** Its later models. */
export const COFFEE_MAKER_LLM = `
  create table llm_traces (id char(32) primary key, trace_id char(32) not null unique, created_at datetime not null,
    updated_at datetime, user_id varchar, session_id varchar, name varchar, tags json, total_cost_usd float,
    total_tokens integer, total_generations integer, total_events integer, metadata json);
  create table llm_generations (id char(32) primary key, trace_id char(32) not null, observation_id char(32),
    parent_observation_id char(32), created_at datetime not null, updated_at datetime, start_time datetime,
    end_time datetime, latency_seconds float, model varchar not null, model_version varchar, provider varchar,
    input_tokens integer, output_tokens integer, total_tokens integer, cost_usd float, input_cost_usd float,
    output_cost_usd float, is_primary boolean, tier varchar, prompt_text text, prompt_tokens_estimate integer,
    completion_text text, metadata json);
  create table llm_events (id char(32) primary key, trace_id char(32), observation_id char(32),
    created_at datetime not null, event_name varchar not null, event_type varchar, original_model varchar,
    fallback_model varchar, fallback_reason text, estimated_tokens integer, original_max_context integer,
    fallback_max_context integer, metadata json)`;
