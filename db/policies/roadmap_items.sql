-- coffee.roadmap_items: members of the team read; functions/items.sql, item_*.sql, roadmap_import.sql,
-- claims.sql and attempts.sql write.
alter table coffee.roadmap_items enable row level security;
alter table coffee.roadmap_items force row level security;

grant select, insert, update on coffee.roadmap_items to coffee_api;
create policy api on coffee.roadmap_items to coffee_api using (true) with check (true);

grant select on coffee.roadmap_items to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.roadmap_items for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (project_id = any ((select priv.my_projects())::uuid[]));
-- No delete by people: an item that is not wanted is blocked or done, and its history stays. What a move
-- brought and nobody has touched goes with the move: policies/move_ins.sql.
