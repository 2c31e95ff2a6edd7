-- What people moved in from older systems, batch by batch, and how each changed row was before.

create table coffee.move_batches (
  person_id uuid not null references priv.principals (id) on delete restrict,
  id integer not null check (id > 0),
  kind text not null check (kind ~ '^[a-z][a-z-]{0,31}$'),
  source text not null check (length(source) between 1 and 1000 and source !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  moved_at timestamptz not null default now(),
  rolled_back_at timestamptz,
  writing xid8,
  summary jsonb not null default '{}' check (jsonb_typeof(summary) = 'object' and length(summary::text) <= 200000),
  primary key (person_id, id)
);
create unique index move_batches_writing on coffee.move_batches (writing) where writing is not null;
comment on table coffee.move_batches is 'Each move from an older system, which is one transaction: all of it or nothing.';
comment on column coffee.move_batches.id is 'Counts from 1 for each person.';
comment on column coffee.move_batches.writing is 'The transaction that moves it in, while it does: what that one changes is journaled.';

create table coffee.move_changes (
  person_id uuid not null,
  batch_id integer not null,
  n bigint not null generated always as identity,
  relation text not null,
  row_key jsonb not null,
  before jsonb,
  after_hash uuid,
  primary key (person_id, batch_id, n),
  foreign key (person_id, batch_id) references coffee.move_batches (person_id, id) on delete restrict
);
comment on table coffee.move_changes is 'The journal of batches that can still be rolled back; a batch that was has none.';
comment on column coffee.move_changes.row_key is 'The values of the relation''s primary key, in its order.';
comment on column coffee.move_changes.before is 'The row as it was; null: it was not there.';
comment on column coffee.move_changes.after_hash is 'MD5 of the row as the batch left it, so that a later change is noticed; null: it was deleted.';
