-- coffee.machines, machine_tokens, machine_cursors, import_problems: each person's own;
-- functions/machines.sql and functions/imports.sql write. The collector's login sees none of them.
alter table coffee.machines enable row level security;
alter table coffee.machines force row level security;
alter table coffee.machine_tokens enable row level security;
alter table coffee.machine_tokens force row level security;
alter table coffee.machine_cursors enable row level security;
alter table coffee.machine_cursors force row level security;
alter table coffee.import_problems enable row level security;
alter table coffee.import_problems force row level security;

-- Deleted is only a machine known by name, when the machine of that name reports.
grant select, insert, update, delete on coffee.machines to coffee_api;
grant select, insert, update on coffee.machine_tokens, coffee.machine_cursors, coffee.import_problems
  to coffee_api;
create policy api on coffee.machines to coffee_api using (true) with check (true);
create policy api on coffee.machine_tokens to coffee_api using (true) with check (true);
create policy api on coffee.machine_cursors to coffee_api using (true) with check (true);
create policy api on coffee.import_problems to coffee_api using (true) with check (true);

grant select on coffee.machines, coffee.machine_cursors, coffee.import_problems to coffee_user, coffee_daemon;
-- Not the hash.
grant select (id, person_id, machine_id, created_at, last_used_at, revoked_at) on coffee.machine_tokens
  to coffee_user;
create policy own on coffee.machines for select to coffee_user, coffee_daemon
  using (person_id = (select priv.me()));
create policy own on coffee.machine_tokens for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.machine_cursors for select to coffee_user, coffee_daemon
  using (person_id = (select priv.me()));
create policy own on coffee.import_problems for select to coffee_user, coffee_daemon
  using (person_id = (select priv.me()));
