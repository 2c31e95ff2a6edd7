-- What is asked of people, what they are told, and what they said.

create type coffee.notification_kind as enum ('question', 'info', 'warning', 'error', 'completion');
create type coffee.notification_priority as enum ('critical', 'high', 'normal', 'low');
create type coffee.notification_state as enum ('pending', 'answered', 'timed_out', 'withdrawn', 'posted');

create table coffee.notifications (
  id bigint generated always as identity primary key,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  item_id bigint references coffee.roadmap_items (id) on delete restrict,
  attempt_id bigint references coffee.attempts (id) on delete restrict,
  kind coffee.notification_kind not null,
  priority coffee.notification_priority not null default 'normal',
  title text not null check (length(title) between 1 and 300 and title !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  message text not null default '' check (length(message) <= 20000),
  options jsonb not null default '[]' check (
    jsonb_typeof(options) = 'array' and jsonb_array_length(options) <= 100 and length(options::text) <= 100000
  ),
  multiple boolean not null default false,
  free_text boolean not null default false,
  context jsonb not null default '{}' check (jsonb_typeof(context) = 'object' and length(context::text) <= 50000),
  asked_by uuid not null references priv.principals (id) on delete restrict,
  asked_by_name text not null,
  key_scope text not null,
  key text not null default gen_random_uuid()::text check (length(key) between 1 and 200),
  expires_at timestamptz,
  default_answer text check (length(default_answer) <= 20000),
  state coffee.notification_state not null,
  answer text check (length(answer) <= 20000),
  answered_by uuid references priv.principals (id) on delete restrict,
  answered_by_name text,
  answered_via text check (answered_via ~ '^[a-z]{1,20}$'),
  answered_at timestamptz,
  created_at timestamptz not null default now(),
  unique (project_id, key_scope, key),
  check (kind <> 'question' or state <> 'posted'),
  check (kind = 'question' or state = 'posted'),
  check ((state in ('answered', 'timed_out')) = (answered_at is not null)),
  check ((state = 'answered') = (answered_by is not null)),
  check (state <> 'answered' or answer is not null),
  check (kind <> 'question' or free_text or jsonb_array_length(options) > 0)
);
create index notifications_project on coffee.notifications (project_id, id);
create index notifications_pending on coffee.notifications (project_id, id) where state = 'pending';
create index notifications_due on coffee.notifications (expires_at) where state = 'pending';
create index notifications_item on coffee.notifications (item_id);
create index notifications_attempt on coffee.notifications (attempt_id);
create index notifications_asked_by on coffee.notifications (asked_by, created_at);
create index notifications_answered_by on coffee.notifications (answered_by);
comment on column coffee.notifications.key_scope is 'Within what the key is unique: the attempt that a daemon asks for, else the asker.';
comment on column coffee.notifications.key is 'Chosen by whoever asks, the same after a restart: nothing is asked twice.';
comment on column coffee.notifications.default_answer is 'What is taken when expires_at passes; null with expires_at null: wait for ever.';

create table coffee.slack_interactions (
  id bigint generated always as identity primary key,
  slack_key text not null unique check (length(slack_key) between 1 and 200),
  notification_id bigint references coffee.notifications (id) on delete restrict,
  slack_user_id text not null check (length(slack_user_id) between 1 and 64),
  slack_user_name text check (length(slack_user_name) <= 200),
  person_id uuid references priv.principals (id) on delete restrict,
  action text not null check (length(action) between 1 and 100),
  response_data jsonb check (length(response_data::text) <= 100000),
  created_at timestamptz not null default now()
);
create index slack_interactions_notification on coffee.slack_interactions (notification_id);
create index slack_interactions_person on coffee.slack_interactions (person_id, id);
comment on column coffee.slack_interactions.slack_key is 'Slack''s own id of the event: a redelivery is the same row.';
