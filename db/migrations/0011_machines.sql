-- Whose machines report, with what token, and how far each is known.

create table coffee.machines (
  person_id uuid not null references priv.principals (id) on delete restrict,
  id uuid not null unique,
  label text not null check (length(label) between 1 and 100 and label !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  aliases text[] not null default '{}' check (cardinality(aliases) <= 50 and length(array_to_string(aliases, '')) <= 5000),
  named_only boolean not null default false,
  program_version text check (length(program_version) <= 64),
  record_version integer,
  created_at timestamptz not null default now(),
  last_report_at timestamptz,
  last_record_at timestamptz,
  primary key (person_id, id)
);
comment on table coffee.machines is 'A machine is its uuid, made by coffee-roadmap init; the label is for people.';
comment on column coffee.machines.aliases is 'Earlier labels, and names under which older scripts upload.';
comment on column coffee.machines.named_only is 'Known by name alone, from an upload; a machine that reports under that name takes its place.';
comment on column coffee.machines.last_record_at is 'The latest time that a record of it names.';

create table coffee.machine_tokens (
  id bigint generated always as identity primary key,
  person_id uuid not null references priv.principals (id) on delete restrict,
  machine_id uuid,
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  foreign key (person_id, machine_id) references coffee.machines (person_id, id) on delete restrict
);
create index machine_tokens_machine on coffee.machine_tokens (person_id, machine_id);
comment on table coffee.machine_tokens is 'With a token a machine reports without anybody''s password. Kept hashed; shown once.';
comment on column coffee.machine_tokens.machine_id is 'Null: a secret for uploads of phrase counts under any of the person''s machine names.';

create table coffee.machine_cursors (
  person_id uuid not null,
  machine_id uuid not null,
  road text not null check (road ~ '^[a-z][a-z0-9:._-]{0,99}$'),
  cursor text not null check (length(cursor) between 1 and 600),
  moved_at timestamptz not null default now(),
  primary key (person_id, machine_id, road),
  foreign key (person_id, machine_id) references coffee.machines (person_id, id) on delete restrict
);
comment on table coffee.machine_cursors is 'The id of the last record that came by this road: the receiver holds it, and moves it with the rows.';

create table coffee.import_problems (
  person_id uuid not null,
  machine_id uuid not null,
  kind text not null check (kind in ('refused', 'conflict')),
  reason text not null check (length(reason) between 1 and 40),
  record_id text not null check (length(record_id) <= 700),
  times bigint not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  primary key (person_id, machine_id, kind, reason, record_id),
  foreign key (person_id, machine_id) references coffee.machines (person_id, id) on delete restrict
);
comment on table coffee.import_problems is 'Records that were refused, the first of each batch, and ids that came with two contents (a copied machine).';
