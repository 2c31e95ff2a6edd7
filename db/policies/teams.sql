-- coffee.teams: one's own teams. Made and changed by an admin, through functions/teams.sql.
alter table coffee.teams enable row level security;
alter table coffee.teams force row level security;

grant select on coffee.teams to coffee_api, coffee_registrar;
grant insert (name) on coffee.teams to coffee_registrar;
create policy api on coffee.teams for select to coffee_api using (true);
create policy registrar on coffee.teams to coffee_registrar using (true) with check (true);

grant select (id, name, created_at) on coffee.teams to coffee_user, coffee_agent, coffee_slackbot;
create policy members on coffee.teams for select to coffee_user, coffee_agent, coffee_slackbot
  using (id = any ((select priv.my_teams())::uuid[]));
-- Daemons work on projects; of a team's name coffee.whoami() tells what they need. The bot has to tell
-- projects of one name apart.
