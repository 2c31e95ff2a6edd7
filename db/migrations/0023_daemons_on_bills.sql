-- What a project's daemons and programs used models for is on its bill too, and no person's.
alter table coffee.bill_lines alter column person_id drop not null;
comment on column coffee.bill_lines.person_id is 'Whose time it was, or the daemon that made the calls; null: programs with a project key.';
