-- What assistants said, counted; and when people and their agents were at work.

create table coffee.phrase_patterns (
  pattern text collate "C" primary key check (pattern ~ '^[\x21-\x7e]{1,64}$'),
  display_name text not null check (length(display_name) between 1 and 100 and display_name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]')
);
insert into coffee.phrase_patterns (pattern, display_name) values
  ('absolutely', 'You are absolutely right'), ('right', 'You are right'),
  ('perfect', 'Perfect!'), ('excellent', 'Excellent!');
comment on table coffee.phrase_patterns is 'The patterns whose totals everybody may see. Others are private to whoever counts them.';

create table coffee.phrase_records (
  person_id uuid not null references priv.principals (id) on delete restrict,
  message_key text collate "C" not null check (length(message_key) between 1 and 210),
  machine_id uuid not null,
  at timestamptz not null,
  patterns text[] collate "C" not null check (cardinality(patterns) between 1 and 100 and length(array_to_string(patterns, '')) <= 6400),
  primary key (person_id, message_key)
);
create index phrase_records_at on coffee.phrase_records (person_id, at);
comment on table coffee.phrase_records is 'Messages that matched a pattern, each once; copies unite their patterns, and count where and when the first was.';
comment on column coffee.phrase_records.message_key is 'The message''s id, or line: and the uuid of its line.';

create table coffee.phrase_archives (
  person_id uuid not null references priv.principals (id) on delete restrict,
  day date not null,
  machine_id uuid not null,
  patterns text[] collate "C" not null,
  keys bytea not null check (length(keys) % 16 = 0),
  primary key (person_id, day, machine_id, patterns)
);
comment on table coffee.phrase_archives is 'Old phrase records, folded: the day''s messages of one set of patterns as the first 16 bytes of the SHA-256 of each key. What is counted stays counted.';

create table coffee.day_counts (
  person_id uuid not null references priv.principals (id) on delete restrict,
  day date not null,
  machine_id uuid not null,
  pattern text collate "C" not null,
  messages bigint not null,
  primary key (person_id, day, machine_id, pattern)
);
create index day_counts_day on coffee.day_counts (day);
comment on table coffee.day_counts is 'Messages by UTC day, machine and pattern: the sums of coffee.phrase_records.';

create table coffee.day_uploads (
  person_id uuid not null,
  machine_id uuid not null,
  day date not null,
  version integer not null,
  patterns jsonb not null check (jsonb_typeof(patterns) = 'object' and length(patterns::text) <= 20000),
  total_messages bigint not null check (total_messages between 0 and 1000000000),
  uploaded_at timestamptz not null default now(),
  replaced_at timestamptz,
  primary key (person_id, machine_id, day, version),
  foreign key (person_id, machine_id) references coffee.machines (person_id, id) on delete restrict
);
create unique index day_uploads_current on coffee.day_uploads (person_id, machine_id, day) where replaced_at is null;
comment on table coffee.day_uploads is 'Counts that older scripts SET for a day and a machine. A new value replaces the one before, which is kept.';

create table coffee.activity_events (
  person_id uuid not null references priv.principals (id) on delete restrict,
  event_key text collate "C" not null check (length(event_key) between 1 and 700),
  id text collate "C" not null check (length(id) <= 700),
  machine_id uuid not null,
  at timestamptz not null,
  type text collate "C" not null check (type in ('user_message', 'agent_tool_use', 'agent_session')),
  source text collate "C" not null check (length(source) <= 40),
  session_id text collate "C" check (length(session_id) <= 200),
  folder text collate "C" check (length(folder) <= 4096),
  git_branch text collate "C" check (length(git_branch) <= 512),
  tool text collate "C" check (length(tool) <= 200),
  action text collate "C" check (action in ('started', 'ended')),
  session_type text collate "C" check (session_type in ('user', 'subagent', 'agent')),
  parent_session_id text collate "C" check (length(parent_session_id) <= 200),
  imported_at timestamptz not null default now(),
  primary key (person_id, event_key),
  check (left(id, 37) = machine_id::text || ':')
);
create index activity_events_at on coffee.activity_events (person_id, at);
create index activity_events_imported on coffee.activity_events (person_id, imported_at);
comment on table coffee.activity_events is 'When a person wrote to an agent, an agent used a tool, a session began or was last seen. For its person alone.';
comment on column coffee.activity_events.event_key is 'The id; of a session''s beginning and end the id without its time, so that each is there once.';
