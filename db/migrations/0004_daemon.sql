-- What the daemons do. coffee.daemon_status is for people; schema daemon is theirs alone and can be
-- emptied at any time: whatever must survive that lives in coffee.

create type coffee.daemon_state as enum ('starting', 'idle', 'working', 'waiting', 'paused', 'stopped');

create table coffee.daemon_status (
  daemon_id uuid primary key references priv.principals (id) on delete restrict,
  name text not null,
  state coffee.daemon_state not null,
  item_id bigint references coffee.roadmap_items (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  note text check (length(note) <= 2000),
  version text not null check (length(version) <= 100),
  host text check (length(host) <= 255),
  isolated boolean not null default false,
  isolation text not null default '' check (length(isolation) <= 500),
  agents jsonb not null default '[]' check (jsonb_typeof(agents) = 'array' and length(agents::text) <= 50000),
  paused_at timestamptz,
  paused_by uuid references priv.principals (id) on delete restrict,
  started_at timestamptz not null,
  heartbeat_at timestamptz not null
);
create index daemon_status_item on coffee.daemon_status (item_id);
create index daemon_status_attempt on coffee.daemon_status (attempt_id);
create index daemon_status_paused_by on coffee.daemon_status (paused_by);
comment on column coffee.daemon_status.isolated is 'False: the agent runs with the rights of the daemon''s own user.';
comment on column coffee.daemon_status.agents is '[{name, available, reason, hint}]: what this daemon can run, and what is missing.';

create type daemon.task_kind as enum ('work', 'merge');
create sequence daemon.fences;
comment on sequence daemon.fences is 'Fencing tokens. Never restarted, also not by a reset: an older holder must never look newer.';
create sequence daemon.progress_hints as bigint minvalue 0 start 0;
comment on sequence daemon.progress_hints is 'Milliseconds of the last progress hint: throttles NOTIFY without a row lock.';

create table daemon.task_queue (
  item_id bigint primary key references coffee.roadmap_items (id) on delete cascade,
  kind daemon.task_kind not null,
  attempt_id bigint references coffee.attempts (id) on delete cascade,
  daemon_id uuid references priv.principals (id) on delete restrict,
  instance uuid,
  fence bigint not null,
  lease_until timestamptz,
  retry_after timestamptz,
  control text check (control in ('stop')),
  updated_at timestamptz not null default now()
);
create index task_queue_attempt on daemon.task_queue (attempt_id);
create index task_queue_daemon on daemon.task_queue (daemon_id);
comment on column daemon.task_queue.instance is 'The process that holds the lease; it also holds a session-level lock of that name while it lives.';
comment on column daemon.task_queue.lease_until is 'Null: nobody works on it.';

create table daemon.execution_log (
  id bigint generated always as identity primary key,
  daemon_id uuid not null references priv.principals (id) on delete restrict,
  at timestamptz not null default clock_timestamp(),
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  message text not null check (length(message) <= 10000),
  detail jsonb check (length(detail::text) <= 100000)
);
create index execution_log_daemon on daemon.execution_log (daemon_id, at);
