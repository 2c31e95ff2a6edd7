-- What agents and other programs reported of what they did, in the shape of Langfuse's data model. Rows
-- keep their SDK's id, keyed (project_id, id); children may come before parents, so a trace is no
-- foreign key.
--
-- stamp and stamps are the merge's memory: stamp is the rank of the event that a column came from (an
-- update above every create, then the event's time); stamps names the columns, and keys of metadata,
-- that came from another. So any order of arrival gives the same row.

create table coffee.traces (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  id text not null check (length(id) between 1 and 200),
  name text check (length(name) <= 1000),
  user_id text check (length(user_id) <= 1000),
  session_id text check (length(session_id) <= 1000),
  release text check (length(release) <= 1000),
  version text check (length(version) <= 1000),
  environment text check (length(environment) <= 1000),
  public boolean,
  tags text[] check (pg_column_size(tags) <= 100000),
  metadata jsonb check (pg_column_size(metadata) <= 8000000),
  input jsonb check (pg_column_size(input) <= 8000000),
  output jsonb check (pg_column_size(output) <= 8000000),
  started_at timestamptz,
  seen_at timestamptz not null,
  at timestamptz not null generated always as (coalesce(started_at, seen_at)) stored,
  daemon_id uuid references priv.principals (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  item_id bigint references coffee.roadmap_items (id) on delete restrict,
  stamp bigint not null,
  stamps jsonb check (pg_column_size(stamps) <= 8000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, id)
);
create index traces_at on coffee.traces (project_id, at);
create index traces_session on coffee.traces (project_id, session_id, at) where session_id is not null;
create index traces_daemon on coffee.traces (daemon_id, at);
create index traces_attempt on coffee.traces (attempt_id);
create index traces_item on coffee.traces (item_id);
comment on column coffee.traces.user_id is 'Who the SDK says it was for; no person of ours.';
comment on column coffee.traces.seen_at is 'The earliest time of an event about it.';
comment on column coffee.traces.daemon_id is 'The daemon of ours that reported it; null: it came with a project key.';

create table coffee.generations (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  id text not null check (length(id) between 1 and 200),
  trace_id text check (length(trace_id) between 1 and 200),
  parent_id text check (length(parent_id) between 1 and 200),
  kind text not null default 'generation' check (kind in ('generation', 'embedding')),
  name text check (length(name) <= 1000),
  level text check (level in ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR')),
  status_message text check (length(status_message) <= 50000),
  version text check (length(version) <= 1000),
  environment text check (length(environment) <= 1000),
  metadata jsonb check (pg_column_size(metadata) <= 8000000),
  input jsonb check (pg_column_size(input) <= 8000000),
  output jsonb check (pg_column_size(output) <= 8000000),
  started_at timestamptz,
  completion_started_at timestamptz,
  ended_at timestamptz,
  seen_at timestamptz not null,
  at timestamptz not null generated always as (coalesce(started_at, ended_at, seen_at)) stored,
  model text check (length(model) <= 200),
  model_name text check (length(model_name) <= 200),
  model_parameters jsonb check (pg_column_size(model_parameters) <= 8000000),
  prompt_name text check (length(prompt_name) <= 1000),
  prompt_version text check (length(prompt_version) <= 1000),
  message_id text check (length(message_id) between 1 and 200),
  request_id text check (length(request_id) between 1 and 200),
  fast boolean,
  usage_details jsonb check (pg_column_size(usage_details) <= 100000),
  input_tokens bigint not null default 0 check (input_tokens between 0 and 100000000),
  output_tokens bigint not null default 0 check (output_tokens between 0 and 100000000),
  cache_read_tokens bigint not null default 0 check (cache_read_tokens between 0 and 100000000),
  cache_write_5m_tokens bigint not null default 0 check (cache_write_5m_tokens between 0 and 100000000),
  cache_write_1h_tokens bigint not null default 0 check (cache_write_1h_tokens between 0 and 100000000),
  cost_details jsonb check (pg_column_size(cost_details) <= 100000),
  cost_nanos bigint check (cost_nanos >= 0),
  pricing_version integer references coffee.price_versions (version) on delete restrict,
  unpriced boolean not null generated always as (
    cost_nanos is null and input_tokens + output_tokens + cache_read_tokens
      + cache_write_5m_tokens + cache_write_1h_tokens > 0) stored,
  daemon_id uuid references priv.principals (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  item_id bigint references coffee.roadmap_items (id) on delete restrict,
  stamp bigint not null,
  stamps jsonb check (pg_column_size(stamps) <= 8000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, id)
);
create index generations_trace on coffee.generations (project_id, trace_id);
create index generations_at on coffee.generations (project_id, at);
create index generations_message on coffee.generations (message_id, request_id) where message_id is not null;
create index generations_pricing_version on coffee.generations (pricing_version);
create index generations_daemon on coffee.generations (daemon_id, at);
create index generations_attempt on coffee.generations (attempt_id);
create index generations_item on coffee.generations (item_id);
comment on column coffee.generations.model is 'As it was reported.';
comment on column coffee.generations.model_name is 'As the price list has it.';
comment on column coffee.generations.message_id is 'Of the API''s answer: a call that the usage ledger has too is money once.';
comment on column coffee.generations.usage_details is 'As it was reported; the five counts beside it are taken from it. The price of a kind goes by its count.';
comment on column coffee.generations.cost_details is 'USD by kind, as the reporter gave it; then it is the cost.';
comment on column coffee.generations.cost_nanos is 'Nano-USD: what the reporter gave, else by the price list, else null.';
comment on column coffee.generations.pricing_version is 'The version of the price it was made with; null: the reporter''s cost, or none.';
comment on column coffee.generations.unpriced is 'It used tokens and nobody knows what they cost.';

create table coffee.spans (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  id text not null check (length(id) between 1 and 200),
  trace_id text check (length(trace_id) between 1 and 200),
  parent_id text check (length(parent_id) between 1 and 200),
  kind text not null default 'span' check (
    kind in ('span', 'tool', 'agent', 'chain', 'retriever', 'evaluator', 'guardrail')),
  name text check (length(name) <= 1000),
  level text check (level in ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR')),
  status_message text check (length(status_message) <= 50000),
  version text check (length(version) <= 1000),
  environment text check (length(environment) <= 1000),
  metadata jsonb check (pg_column_size(metadata) <= 8000000),
  input jsonb check (pg_column_size(input) <= 8000000),
  output jsonb check (pg_column_size(output) <= 8000000),
  started_at timestamptz,
  ended_at timestamptz,
  seen_at timestamptz not null,
  at timestamptz not null generated always as (coalesce(started_at, ended_at, seen_at)) stored,
  daemon_id uuid references priv.principals (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  stamp bigint not null,
  stamps jsonb check (pg_column_size(stamps) <= 8000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, id)
);
create index spans_trace on coffee.spans (project_id, trace_id);
create index spans_daemon on coffee.spans (daemon_id, at);
create index spans_attempt on coffee.spans (attempt_id);
comment on table coffee.spans is 'What took time and was no call of a model: tools, agents, steps of a program.';

create table coffee.events (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  id text not null check (length(id) between 1 and 200),
  trace_id text check (length(trace_id) between 1 and 200),
  parent_id text check (length(parent_id) between 1 and 200),
  name text check (length(name) <= 1000),
  level text check (level in ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR')),
  status_message text check (length(status_message) <= 50000),
  version text check (length(version) <= 1000),
  environment text check (length(environment) <= 1000),
  metadata jsonb check (pg_column_size(metadata) <= 8000000),
  input jsonb check (pg_column_size(input) <= 8000000),
  output jsonb check (pg_column_size(output) <= 8000000),
  started_at timestamptz,
  seen_at timestamptz not null,
  at timestamptz not null generated always as (coalesce(started_at, seen_at)) stored,
  daemon_id uuid references priv.principals (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  stamp bigint not null,
  stamps jsonb check (pg_column_size(stamps) <= 8000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, id)
);
create index events_trace on coffee.events (project_id, trace_id);
create index events_daemon on coffee.events (daemon_id, at);
create index events_attempt on coffee.events (attempt_id);
comment on table coffee.events is 'Moments of a trace: a question, an answer, a log line.';

create table coffee.scores (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  id text not null check (length(id) between 1 and 200),
  trace_id text check (length(trace_id) between 1 and 200),
  observation_id text check (length(observation_id) between 1 and 200),
  session_id text check (length(session_id) <= 1000),
  name text not null check (length(name) between 1 and 1000),
  data_type text not null check (data_type in ('NUMERIC', 'BOOLEAN', 'CATEGORICAL', 'TEXT')),
  value numeric check (abs(value) <= 1e15),
  string_value text check (length(string_value) <= 5000),
  comment text check (length(comment) <= 50000),
  environment text check (length(environment) <= 1000),
  metadata jsonb check (pg_column_size(metadata) <= 8000000),
  at timestamptz not null,
  daemon_id uuid references priv.principals (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  stamp bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, id)
);
create index scores_trace on coffee.scores (project_id, trace_id);
create index scores_at on coffee.scores (project_id, at);
create index scores_daemon on coffee.scores (daemon_id, at);
create index scores_attempt on coffee.scores (attempt_id);

create table coffee.trace_event_ids (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  event uuid not null,
  received_at timestamptz not null default now(),
  primary key (project_id, event)
);
create index trace_event_ids_received on coffee.trace_event_ids (received_at);
comment on table coffee.trace_event_ids is 'Events of the last week, by a digest of their id, so that a batch that is sent again is counted once. An event that comes later than that changes nothing either: the merge forgets no stamp.';

create type priv.trace_event as (
  position integer, event_id text, event uuid, target text, kind text, id text, stamp bigint,
  seen_at timestamptz, body jsonb, problem text
);
comment on type priv.trace_event is 'One event of a batch, read; problem says why it is refused.';

create table coffee.project_keys (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references coffee.projects (id) on delete restrict,
  name text not null check (length(name) between 1 and 100 and name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  public_key text not null unique check (public_key ~ '^pk-lf-[0-9a-f]{32}$'),
  secret_hash bytea not null check (length(secret_hash) = 32),
  created_by uuid not null references priv.principals (id) on delete restrict,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index project_keys_project on coffee.project_keys (project_id);
create index project_keys_created_by on coffee.project_keys (created_by);
comment on table coffee.project_keys is 'Key pairs with which programs hand in traces and read them. The secret is shown once and kept as its SHA-256.';
comment on column coffee.project_keys.last_used_at is 'To the minute.';
