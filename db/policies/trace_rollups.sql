-- Sums of generations: for the team, and a daemon's own for the daemon; the triggers of
-- functions/trace_rollups.sql write. Sums of nothing go.
alter table coffee.trace_buckets enable row level security;
alter table coffee.trace_buckets force row level security;
alter table coffee.trace_days enable row level security;
alter table coffee.trace_days force row level security;

grant select, insert, update, delete on coffee.trace_buckets, coffee.trace_days to coffee_api;
create policy api on coffee.trace_buckets to coffee_api using (true) with check (true);
create policy api on coffee.trace_days to coffee_api using (true) with check (true);

grant select on coffee.trace_buckets, coffee.trace_days to coffee_user, coffee_daemon;
create policy members on coffee.trace_buckets for select to coffee_user
  using (project_id = any ((select priv.my_projects())::uuid[]));
create policy members on coffee.trace_days for select to coffee_user
  using (project_id = any ((select priv.my_projects())::uuid[]));
create policy own on coffee.trace_buckets for select to coffee_daemon
  using (daemon_id = (select priv.me()));
create policy own on coffee.trace_days for select to coffee_daemon
  using (daemon_id = (select priv.me()));

create trigger roll_up_inserted after insert on coffee.generations
  referencing new table as new_rows for each statement execute function priv.roll_up_generations();
create trigger roll_up_updated after update on coffee.generations
  referencing new table as new_rows old table as old_rows
  for each statement execute function priv.roll_up_generations();
create trigger roll_up_deleted after delete on coffee.generations
  referencing old table as old_rows for each statement execute function priv.roll_up_generations();
create trigger never_truncated before truncate on coffee.generations
  for each statement execute function priv.append_only();
