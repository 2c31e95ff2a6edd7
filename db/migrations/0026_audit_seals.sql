-- Seals of the audit trail: each covers a batch of entries and the seal before it.

create table audit.seals (
  n bigint primary key check (n > 0),
  sealed_at timestamptz not null,
  entries integer not null check (entries > 0),
  content bytea not null check (length(content) = 32),
  previous bytea not null check (length(previous) = 32),
  hash bytea not null check (length(hash) = 32)
);
comment on table audit.seals is 'Sealed batches of audit.entries, chained: docs/privacy.md says what is hashed.';

create table audit.sealed (
  entry_id bigint primary key references audit.entries (id) on delete restrict,
  seal_n bigint not null references audit.seals (n) on delete restrict
);
create index sealed_seal on audit.sealed (seal_n, entry_id);
comment on table audit.sealed is 'Which seal covers which entry. An entry that committed late is in a later seal than its number says.';
