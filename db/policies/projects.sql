-- coffee.projects: members of the team read; functions/projects.sql writes.
alter table coffee.projects enable row level security;
alter table coffee.projects force row level security;

grant select, insert, update on coffee.projects to coffee_api;
create policy api on coffee.projects to coffee_api using (true) with check (true);

grant select on coffee.projects to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.projects for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (team_id = any ((select priv.my_teams())::uuid[]));
-- No delete: a project is archived; its history and bills stay.
