-- Working time: more kinds of events, what people say they were for, and what follows from them.

alter table coffee.activity_events
  drop constraint activity_events_type_check,
  drop constraint activity_events_action_check,
  add constraint activity_events_type_check check (type in ('user_message', 'agent_tool_use', 'agent_session',
    'tmux_pane_focus', 'tmux_scroll', 'afk_change', 'window_focus', 'browser_tab', 'git_commit',
    'git_checkout', 'manual_timer', 'manual_log')),
  add constraint activity_events_action_check check (
    action in ('started', 'ended', 'start', 'pause', 'resume', 'stop')),
  add column effective_at timestamptz,
  add column git_project text collate "C" check (length(git_project) <= 4096),
  add column pane_id text collate "C" check (length(pane_id) <= 32),
  add column tmux_session text check (length(tmux_session) <= 200),
  add column window_index integer check (window_index between 0 and 1000000),
  add column status text collate "C" check (status in ('idle', 'active')),
  add column idle_duration_ms bigint check (idle_duration_ms between 0 and 31622400000),
  add column window_app_id text check (length(window_app_id) <= 200),
  add column window_title text check (length(window_title) <= 1000),
  add column tab_id text collate "C" check (length(tab_id) <= 64),
  add column tab_host text collate "C" check (length(tab_host) <= 253),
  add column actor text collate "C" check (actor in ('person', 'agent')),
  add column commit text collate "C" check (length(commit) <= 64),
  add column previous_commit text collate "C" check (length(previous_commit) <= 64),
  add column issue text collate "C" check (issue ~ '^[a-z][a-z0-9-]{0,31}:[\x21-\x7e]{1,150}$'),
  add column note text check (length(note) <= 1000),
  add column started_at timestamptz,
  add column duration_ms bigint check (duration_ms between 1 and 86400000);
-- A rewrite, which row-level security does not bind.
alter table coffee.activity_events alter column effective_at type timestamptz using at;
alter table coffee.activity_events alter column effective_at set not null;
drop index coffee.activity_events_at;
create index activity_events_effective on coffee.activity_events (person_id, effective_at);
comment on table coffee.activity_events is 'What a person and their agents did, and when: panes, windows, messages, tools, commits, timers, logs. For its person alone.';
comment on column coffee.activity_events.effective_at is 'When it counts: an absence from the last input on, a log from its beginning, all else at at.';

create table coffee.agent_sessions (
  person_id uuid not null references priv.principals (id) on delete restrict,
  machine_id uuid not null,
  session_id text collate "C" not null check (length(session_id) between 1 and 200),
  source text collate "C" not null check (length(source) <= 40),
  session_type text collate "C" check (session_type in ('user', 'subagent', 'agent')),
  parent_session_id text collate "C" check (length(parent_session_id) <= 200),
  top_session_id text collate "C" not null check (length(top_session_id) between 1 and 200),
  place text collate "C" check (length(place) <= 4096),
  place_at timestamptz,
  place_event text collate "C",
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (person_id, machine_id, session_id)
);
create index agent_sessions_top on coffee.agent_sessions (person_id, machine_id, top_session_id);
create index agent_sessions_last on coffee.agent_sessions (person_id, last_at);
comment on table coffee.agent_sessions is 'Each agent session of a person, from its first to its last sign of life; kept by the import.';
comment on column coffee.agent_sessions.top_session_id is 'The session that a person began, of which this is a part; itself where there is none above.';
comment on column coffee.agent_sessions.place is 'Where its earliest event that has a place was.';

create table coffee.work_folders (
  person_id uuid not null references priv.principals (id) on delete restrict,
  machine_id uuid not null,
  folder text collate "C" not null check (length(folder) between 1 and 4096),
  folder_key uuid not null,
  git_project text collate "C" not null check (length(git_project) between 1 and 4096),
  seen_at timestamptz not null,
  seen_event text collate "C" not null,
  primary key (person_id, machine_id, folder_key)
);
comment on table coffee.work_folders is 'Which repository a folder was last seen in, as panes and commits tell: what agents do there belongs to it.';
comment on column coffee.work_folders.folder_key is 'The folder''s MD5: an index holds no 4,096 bytes.';

create table coffee.streams (
  person_id uuid not null references priv.principals (id) on delete restrict,
  id integer not null check (id > 0),
  machine_id uuid not null,
  place text collate "C" check (length(place) between 1 and 4096),
  place_key uuid,
  name text not null check (length(name) between 1 and 200 and name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  merged_into integer,
  created_at timestamptz not null default now(),
  primary key (person_id, id),
  foreign key (person_id, merged_into) references coffee.streams (person_id, id) on delete restrict,
  check (merged_into <> id),
  check ((place is null) = (place_key is null))
);
create unique index streams_place on coffee.streams (person_id, machine_id, place_key);
create index streams_merged on coffee.streams (person_id, merged_into);
comment on table coffee.streams is 'What a person''s time on one machine is for: found by its place, or made by the person.';
comment on column coffee.streams.id is 'Counts from 1 for each person.';
comment on column coffee.streams.place is 'The repository (remote, or its top folder), else the folder; null: made by hand.';

create table coffee.stream_tags (
  person_id uuid not null,
  stream_id integer not null,
  tag text collate "C" not null check (length(tag) between 1 and 64 and tag !~ '[\u0001-\u0020\u007f-\u00a0\u2028-\u202e\u2066-\u2069]'),
  primary key (person_id, stream_id, tag),
  foreign key (person_id, stream_id) references coffee.streams (person_id, id) on delete restrict
);
comment on table coffee.stream_tags is 'Tags bring streams of several machines together.';

create table coffee.stream_assignments (
  person_id uuid not null,
  machine_id uuid not null,
  subject text collate "C" not null check (subject in ('event', 'session', 'place')),
  key text collate "C" not null check (length(key) between 1 and 4096),
  key_hash uuid not null,
  stream_id integer not null,
  session_id text collate "C",
  place text collate "C",
  said_at timestamptz not null default now(),
  primary key (person_id, machine_id, subject, key_hash),
  foreign key (person_id, stream_id) references coffee.streams (person_id, id) on delete restrict
);
create index stream_assignments_stream on coffee.stream_assignments (person_id, stream_id);
create index stream_assignments_session on coffee.stream_assignments (person_id, machine_id, session_id);
comment on table coffee.stream_assignments is 'What a person said that an event, a session or a place on a machine belongs to. What is inferred is not here.';
comment on column coffee.stream_assignments.session_id is 'Of an event or a session: the top session; of what was said of one event the others of its session follow.';
comment on column coffee.stream_assignments.place is 'Of an event or a session: its place when it was said.';

create table coffee.time_days (
  person_id uuid not null references priv.principals (id) on delete restrict,
  day date not null,
  has_events boolean not null,
  version bigint not null default 1,
  computed_version bigint,
  computed_at timestamptz,
  before jsonb,
  after jsonb,
  cut_timers jsonb not null default '[]' check (jsonb_typeof(cut_timers) = 'array'),
  depends_on text[] collate "C" not null default '{}',
  primary key (person_id, day)
);
create index time_days_stale on coffee.time_days (person_id, day) where computed_version is distinct from version;
comment on table coffee.time_days is 'A person''s UTC days: what their time was computed from, and with which state each began and ended.';
comment on column coffee.time_days.version is 'Rises with each change of what the day is computed from; stale while computed_version is another.';
comment on column coffee.time_days.depends_on is 'Sessions, places, folders and streams that were looked up: a change of one makes the day stale.';

create table coffee.time_intervals (
  person_id uuid not null,
  day date not null,
  n integer not null,
  credited_by text collate "C" not null check (credited_by in ('focus', 'timer', 'log', 'agent')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  stream_id integer,
  issue text collate "C" check (length(issue) <= 190),
  machine_id uuid not null,
  session_id text collate "C" check (length(session_id) <= 200),
  primary key (person_id, day, n),
  foreign key (person_id, day) references coffee.time_days (person_id, day) on delete cascade,
  foreign key (person_id, stream_id) references coffee.streams (person_id, id) on delete restrict,
  check (starts_at < ends_at),
  check ((credited_by = 'agent') = (session_id is not null))
);
create index time_intervals_stream on coffee.time_intervals (person_id, stream_id);
comment on table coffee.time_intervals is 'Credited time: a person''s own (focus, timer, log: never two at once) and that of each of their agents.';
comment on column coffee.time_intervals.day is 'The UTC day that it is kept with. An agent''s may begin up to 30 minutes before it.';
comment on column coffee.time_intervals.stream_id is 'Null: unassigned, which is shown and never dropped.';

-- What is there already.
alter table coffee.activity_events no force row level security;
alter table coffee.time_days no force row level security;
alter table coffee.agent_sessions no force row level security;
insert into coffee.time_days (person_id, day, has_events)
select distinct e.person_id, (e.effective_at at time zone 'UTC')::date, true from coffee.activity_events e;
insert into coffee.agent_sessions (person_id, machine_id, session_id, source, session_type, parent_session_id,
  top_session_id, first_at, last_at)
select e.person_id, e.machine_id, e.session_id, min(e.source), max(e.session_type), max(e.parent_session_id),
  coalesce(max(e.parent_session_id), e.session_id), min(e.at), max(e.at)
from coffee.activity_events e where e.session_id is not null group by e.person_id, e.machine_id, e.session_id;
do $$
begin
  for i in 1..20 loop
    update coffee.agent_sessions s set top_session_id = p.top_session_id
    from coffee.agent_sessions p
    where p.person_id = s.person_id and p.machine_id = s.machine_id and p.session_id = s.parent_session_id
      and s.top_session_id <> p.top_session_id;
    exit when not found;
  end loop;
end
$$;
update coffee.agent_sessions s set place = f.folder, place_at = f.at, place_event = f.event_key
from (
  select distinct on (e.person_id, e.machine_id, e.session_id) e.person_id, e.machine_id, e.session_id,
    e.folder, e.at, e.event_key
  from coffee.activity_events e where e.folder is not null
  order by e.person_id, e.machine_id, e.session_id, e.at, e.event_key) f
where f.person_id = s.person_id and f.machine_id = s.machine_id and f.session_id = s.session_id;
alter table coffee.activity_events force row level security;
alter table coffee.time_days force row level security;
alter table coffee.agent_sessions force row level security;
