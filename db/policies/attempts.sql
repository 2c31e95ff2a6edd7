-- coffee.attempts: what the daemons tried, for the team; functions/attempts.sql writes for the holder of the lease.
alter table coffee.attempts enable row level security;
alter table coffee.attempts force row level security;

grant select, insert, update on coffee.attempts to coffee_api;
create policy api on coffee.attempts to coffee_api using (true) with check (true);

grant select on coffee.attempts to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.attempts for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (project_id = any ((select priv.my_projects())::uuid[]));
