-- People who had their detail erased, and which payloads of the audit trail went with it.

create table audit.erasures (
  person_id uuid primary key references priv.principals (id) on delete restrict,
  pseudonym text not null check (pseudonym ~ '^person-[0-9a-f]{8}$'),
  entry_id bigint not null unique references audit.entries (id) on delete restrict,
  at timestamptz not null default clock_timestamp()
);
comment on table audit.erasures is 'Kept outside with the seals (audit anchor), so that a restored backup is brought up to date.';

create table audit.erased_payloads (
  entry_id bigint primary key references audit.entries (id) on delete restrict,
  person_id uuid not null references audit.erasures (person_id) on delete restrict
);
create index erased_payloads_person on audit.erased_payloads (person_id, entry_id);
comment on table audit.erased_payloads is 'Entries that say no more what they said; the entry of the erasure holds the SHA-256 of their list.';
