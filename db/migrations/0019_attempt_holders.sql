-- Who held an attempt before whoever holds it: what their agents' calls cost may still arrive.

alter table coffee.attempts
  add column earlier_daemon_ids uuid[] not null default '{}' check (cardinality(earlier_daemon_ids) <= 100);
comment on column coffee.attempts.earlier_daemon_ids is 'Daemons from which it was taken over; of those that made calls for it.';
