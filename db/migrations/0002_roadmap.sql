-- What is to be done, and what became of it.

create type coffee.item_state as enum ('planned', 'in_progress', 'in_review', 'done', 'blocked');
create type coffee.merge_mode as enum ('auto', 'manual');
create type coffee.history_change as enum (
  'add', 'edit', 'move', 'claim', 'review', 'accept', 'merge', 'reopen', 'block', 'retry', 'release', 'import'
);
create type coffee.attempt_outcome as enum (
  'review', 'no_change', 'failed', 'timed_out', 'over_budget', 'stopped'
);

create table coffee.projects (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references coffee.teams (id) on delete restrict,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  repository text not null check (length(repository) between 1 and 1000 and repository !~ '[\u0001-\u001f\u007f-\u009f]'),
  default_branch text check (default_branch ~ '^[^-\u0001-\u0020\u007f-\u009f][^\u0001-\u0020\u007f-\u009f]{0,199}$'),
  merge coffee.merge_mode not null default 'auto',
  agent text not null default 'claude' check (agent ~ '^[a-z][a-z0-9_-]{0,31}$'),
  agent_model text check (length(agent_model) between 1 and 100),
  agent_command text[] check (cardinality(agent_command) between 1 and 50),
  budget_item_usd numeric(12, 4) check (budget_item_usd >= 0 and budget_item_usd <> 'NaN'),
  budget_day_usd numeric(12, 4) check (budget_day_usd >= 0 and budget_day_usd <> 'NaN'),
  attempt_minutes integer not null default 60 check (attempt_minutes between 1 and 1440),
  max_attempts integer not null default 3 check (max_attempts between 1 and 20),
  backoff_s integer not null default 30 check (backoff_s between 0 and 86400),
  sample boolean not null default false,
  roadmap_preamble text not null default '' check (length(roadmap_preamble) <= 1000000),
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index projects_team_name on coffee.projects (team_id, lower(name));
comment on column coffee.projects.repository is 'Git URL or path, as the daemon reaches it. Never holds a credential.';
comment on column coffee.projects.attempt_minutes is 'Minutes after which a running attempt is ended.';
comment on column coffee.projects.max_attempts is 'Attempts without a result until the item is blocked.';
comment on column coffee.projects.backoff_s is 'Seconds before the second attempt; doubled before each later one.';

create table coffee.roadmap_items (
  id bigint generated always as identity primary key,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  number text not null check (number ~ '^(US-)?[0-9]{1,9}(\.[0-9]{1,9})?$'),
  position double precision not null,
  title text not null check (length(title) between 1 and 500 and title !~ '[\u0001-\u001f\u007f-\u009f]'),
  body text not null default '' check (length(body) <= 200000),
  state coffee.item_state not null default 'planned',
  feedback text check (length(feedback) <= 20000),
  branch text check (branch ~ '^[^-\u0001-\u0020\u007f-\u009f][^\u0001-\u0020\u007f-\u009f]{0,199}$'),
  commit_hash text check (commit_hash ~ '^[0-9a-f]{40,64}$'),
  accepted_at timestamptz,
  accepted_by uuid references priv.principals (id) on delete restrict,
  tries_since timestamptz not null default now(),
  source jsonb check (length(source::text) <= 2000000),
  version bigint not null default 1,
  created_by uuid references priv.principals (id) on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (project_id, number)
);
create index roadmap_items_order on coffee.roadmap_items (project_id, position);
create index roadmap_items_planned on coffee.roadmap_items (project_id, position) where state = 'planned';
create index roadmap_items_accepted on coffee.roadmap_items (id) where state = 'in_review' and accepted_at is not null;
create index roadmap_items_accepted_by on coffee.roadmap_items (accepted_by);
create index roadmap_items_created_by on coffee.roadmap_items (created_by);
comment on column coffee.roadmap_items.number is 'What people call it: 1, 2.5, 2.10 (not 2.1), US-062. Text, because 2.1 and 2.10 differ.';
comment on column coffee.roadmap_items.feedback is 'Comment of the last reopening; goes into the next attempt.';
comment on column coffee.roadmap_items.tries_since is 'Attempts before this moment no longer count towards max_attempts.';
comment on column coffee.roadmap_items.source is 'Verbatim pieces of ROADMAP.md that the columns cannot hold.';
comment on column coffee.roadmap_items.version is 'Goes up with every change: compare-and-set for edits.';

create table coffee.roadmap_moves (
  from_state coffee.item_state not null,
  to_state coffee.item_state not null,
  verb text not null,
  by_kind coffee.principal_kind not null,
  primary key (from_state, to_state, verb, by_kind)
);
comment on table coffee.roadmap_moves is 'The legal moves of an item, as data: who may move it from which state to which, by which verb.';
insert into coffee.roadmap_moves (from_state, to_state, verb, by_kind) values
  ('planned', 'in_progress', 'claim', 'daemon'),
  ('in_progress', 'in_review', 'review', 'daemon'),
  ('in_progress', 'planned', 'release', 'daemon'),
  ('in_progress', 'blocked', 'block', 'daemon'),
  ('in_review', 'done', 'merge', 'daemon'),
  ('in_review', 'planned', 'reopen', 'daemon'),
  ('in_review', 'done', 'accept', 'person'),
  ('in_review', 'planned', 'reopen', 'person'),
  ('done', 'planned', 'reopen', 'person'),
  ('blocked', 'planned', 'reopen', 'person'),
  ('blocked', 'planned', 'retry', 'person'),
  ('planned', 'blocked', 'block', 'person'),
  ('in_progress', 'blocked', 'block', 'person'),
  ('in_review', 'blocked', 'block', 'person'),
  ('planned', 'blocked', 'import', 'person'),
  ('planned', 'done', 'import', 'person'),
  ('blocked', 'planned', 'import', 'person'),
  ('blocked', 'done', 'import', 'person'),
  ('done', 'planned', 'import', 'person'),
  ('done', 'blocked', 'import', 'person');

create table coffee.roadmap_history (
  id bigint generated always as identity primary key,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  item_id bigint not null references coffee.roadmap_items (id) on delete restrict,
  changed_at timestamptz not null default now(),
  changed_by uuid references priv.principals (id) on delete restrict,
  changed_by_name text not null,
  change coffee.history_change not null,
  before jsonb,
  after jsonb,
  reason text check (length(reason) <= 20000)
);
create index roadmap_history_item on coffee.roadmap_history (item_id, id);
create index roadmap_history_project on coffee.roadmap_history (project_id, id);
create index roadmap_history_changed_by on coffee.roadmap_history (changed_by);

create table coffee.attempts (
  id bigint generated always as identity primary key,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  item_id bigint not null references coffee.roadmap_items (id) on delete restrict,
  attempt integer not null check (attempt > 0),
  daemon_id uuid not null references priv.principals (id) on delete restrict,
  agent text not null,
  session_id uuid not null default gen_random_uuid(),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome coffee.attempt_outcome,
  reason text check (length(reason) <= 20000),
  branch text check (branch ~ '^[^-\u0001-\u0020\u007f-\u009f][^\u0001-\u0020\u007f-\u009f]{0,199}$'),
  base_commit text check (base_commit ~ '^[0-9a-f]{40,64}$'),
  commit_hash text check (commit_hash ~ '^[0-9a-f]{40,64}$'),
  diff_stat jsonb check (length(diff_stat::text) <= 1000000),
  cost_usd numeric(14, 6) not null default 0 check (cost_usd >= 0 and cost_usd <> 'NaN'),
  input_tokens bigint not null default 0 check (input_tokens >= 0),
  output_tokens bigint not null default 0 check (output_tokens >= 0),
  cache_read_tokens bigint not null default 0 check (cache_read_tokens >= 0),
  cache_write_tokens bigint not null default 0 check (cache_write_tokens >= 0),
  last_output text check (length(last_output) <= 20000),
  takeovers integer not null default 0,
  unique (item_id, attempt),
  check ((ended_at is null) = (outcome is null))
);
create unique index attempts_one_open on coffee.attempts (item_id) where ended_at is null;
create index attempts_project_started on coffee.attempts (project_id, started_at);
create index attempts_daemon_id on coffee.attempts (daemon_id);
comment on column coffee.attempts.session_id is 'The agent''s session, chosen before it starts, so that a killed run can be resumed.';
comment on column coffee.attempts.takeovers is 'How often a daemon had to continue where another, or a killed one, stopped.';

create table coffee.attempt_steps (
  attempt_id bigint not null references coffee.attempts (id) on delete restrict,
  step integer not null check (step > 0),
  project_id uuid not null references coffee.projects (id) on delete restrict,
  at timestamptz not null default clock_timestamp(),
  kind text not null check (kind ~ '^[a-z_]{1,32}$'),
  summary text not null check (length(summary) <= 2000),
  detail jsonb check (length(detail::text) <= 100000),
  primary key (attempt_id, step)
);
create index attempt_steps_project on coffee.attempt_steps (project_id, at);
