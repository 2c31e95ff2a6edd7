-- The audit trail. Writers insert unchained entries; payload and salt live apart from the digest, so
-- that erasing them later leaves the trail verifiable.

create table audit.entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor_id uuid references priv.principals (id) on delete restrict,
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)*$'),
  digest bytea not null check (length(digest) = 32)
);
create index entries_actor on audit.entries (actor_id, id);
comment on column audit.entries.digest is 'SHA-256 of salt followed by the payload''s text.';

create table audit.payloads (
  entry_id bigint primary key references audit.entries (id) on delete restrict,
  actor_id uuid references priv.principals (id) on delete restrict,
  salt bytea not null check (length(salt) = 32),
  payload text not null check (length(payload) <= 100000)
);
create index payloads_actor on audit.payloads (actor_id);

create table audit.unsealed (
  entry_id bigint primary key references audit.entries (id) on delete restrict
);
comment on table audit.unsealed is 'Entries that the sealer has not chained yet.';
