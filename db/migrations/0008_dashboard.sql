-- Who is signed in to the dashboard: one-time links, and the sessions that they open.

create table priv.dashboard_links (
  person_id uuid primary key references priv.principals (id) on delete restrict,
  code_hash bytea not null unique check (length(code_hash) = 32),
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table priv.dashboard_links is 'The last one-time link of each person, hashed; a new one voids the one before.';

create table coffee.dashboard_sessions (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references priv.principals (id) on delete restrict,
  token_hash bytea not null unique check (length(token_hash) = 32),
  browser text check (length(browser) <= 300),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index dashboard_sessions_person on coffee.dashboard_sessions (person_id, created_at);
comment on table coffee.dashboard_sessions is 'Browsers that a person is signed in with. The token itself is in the browser alone.';
comment on column coffee.dashboard_sessions.browser is 'What the browser calls itself, so that a person recognises it.';
