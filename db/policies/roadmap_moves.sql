-- coffee.roadmap_moves: reference data, written by migrations alone (as its owner, whom FORCE binds too).
alter table coffee.roadmap_moves enable row level security;
alter table coffee.roadmap_moves force row level security;

grant select on coffee.roadmap_moves to coffee_api, coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy api on coffee.roadmap_moves for select to coffee_api using (true);
create policy everybody on coffee.roadmap_moves for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using ((select priv.me()) is not null);
create policy migrations on coffee.roadmap_moves to coffee_owner using (true) with check (true);
