-- daemon.execution_log: a daemon's own debug log. Emptied by a reset.
alter table daemon.execution_log enable row level security;
alter table daemon.execution_log force row level security;

grant select, insert, delete on daemon.execution_log to coffee_api;
create policy api on daemon.execution_log to coffee_api using (true) with check (true);

grant select on daemon.execution_log to coffee_daemon;
create policy own on daemon.execution_log for select to coffee_daemon
  using (daemon_id = (select priv.me()));
