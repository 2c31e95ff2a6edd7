-- daemon.task_queue: leases. A daemon sees its own; nobody else may enter the schema.
alter table daemon.task_queue enable row level security;
alter table daemon.task_queue force row level security;

grant select, insert, update, delete on daemon.task_queue to coffee_api;
create policy api on daemon.task_queue to coffee_api using (true) with check (true);

grant select on daemon.task_queue to coffee_daemon;
create policy own on daemon.task_queue for select to coffee_daemon
  using (daemon_id = (select priv.me()));
grant usage on sequence daemon.fences to coffee_api;
grant select, update on sequence daemon.progress_hints to coffee_api;
