-- Sums over teams: everybody in the team reads them; whom they are made of nobody. functions/insights.sql
-- writes once; nothing is changed.
alter table coffee.team_insights enable row level security;
alter table coffee.team_insights force row level security;
alter table priv.insight_people enable row level security;
alter table priv.insight_people force row level security;

grant select, insert on coffee.team_insights, priv.insight_people to coffee_api;
create policy api on coffee.team_insights to coffee_api using (true) with check (true);
create policy api on priv.insight_people to coffee_api using (true) with check (true);

grant select (team_id, first_day, end_day, metric, value) on coffee.team_insights to coffee_user;
create policy members on coffee.team_insights for select to coffee_user
  using (team_id = any ((select priv.my_teams())::uuid[]));

create trigger append_only before update or delete on coffee.team_insights
  for each row execute function priv.append_only();
