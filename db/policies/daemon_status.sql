-- coffee.daemon_status: what the team's daemons do now; functions/control.sql writes.
alter table coffee.daemon_status enable row level security;
alter table coffee.daemon_status force row level security;

grant select, insert, update on coffee.daemon_status to coffee_api;
create policy api on coffee.daemon_status to coffee_api using (true) with check (true);

grant select on coffee.daemon_status to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.daemon_status for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (daemon_id = any ((select priv.my_daemons())::uuid[]));
