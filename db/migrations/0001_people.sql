-- Who there is: principals (every login is one), people, teams, memberships.

create type coffee.principal_kind as enum (
  'person', 'agent', 'daemon', 'slackbot', 'dashboard', 'collector', 'auditor'
);
create type coffee.membership_role as enum ('member', 'manager');

create table priv.principals (
  id uuid primary key default gen_random_uuid(),
  kind coffee.principal_kind not null,
  login name unique,
  name text not null check (length(name) between 1 and 100 and name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  owner_id uuid references priv.principals (id) on delete restrict,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  check ((kind = 'agent') = (owner_id is not null)),
  check (removed_at is null or login is null)
);
create index principals_owner_id on priv.principals (owner_id);
create unique index principals_live_name on priv.principals (kind, lower(name)) where removed_at is null;
comment on table priv.principals is 'Every person and every process. The login may change or go; the id never does and is never used again.';

create table coffee.people (
  id uuid primary key references priv.principals (id) on delete restrict,
  name text not null check (length(name) between 1 and 100 and name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
comment on table coffee.people is 'People by name, for those who share a team with them.';

create table coffee.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 100 and name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  created_at timestamptz not null default now()
);
create unique index teams_name on coffee.teams (lower(name));

create table coffee.memberships (
  team_id uuid not null references coffee.teams (id) on delete cascade,
  member_id uuid not null references priv.principals (id) on delete restrict,
  role coffee.membership_role not null default 'member',
  created_at timestamptz not null default now(),
  primary key (team_id, member_id)
);
create index memberships_member_id on coffee.memberships (member_id);
comment on table coffee.memberships is 'The role gives the verbs, a membership gives the scope. Daemons are members of the teams that they serve.';
