-- coffee.scores: what was reported, for the team; functions/trace_ingest.sql writes. A daemon reads its own.
alter table coffee.scores enable row level security;
alter table coffee.scores force row level security;

grant select, insert, update on coffee.scores to coffee_api;
create policy api on coffee.scores to coffee_api using (true) with check (true);

grant select on coffee.scores to coffee_user, coffee_daemon;
create policy members on coffee.scores for select to coffee_user
  using (project_id = any ((select priv.my_projects())::uuid[]));
create policy own on coffee.scores for select to coffee_daemon
  using (daemon_id = (select priv.me()));
-- Nothing for agents: a prompt of another attempt may hold what its person would not show them.
