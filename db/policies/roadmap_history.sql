-- coffee.roadmap_history: append-only; the trigger stops even the owner.
alter table coffee.roadmap_history enable row level security;
alter table coffee.roadmap_history force row level security;

grant select, insert on coffee.roadmap_history to coffee_api;
create policy api on coffee.roadmap_history to coffee_api using (true) with check (true);

grant select on coffee.roadmap_history to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.roadmap_history for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (project_id = any ((select priv.my_projects())::uuid[]));
create trigger append_only before update or delete on coffee.roadmap_history
  for each row execute function priv.append_only_but_erased();
create trigger never_truncated before truncate on coffee.roadmap_history
  for each statement execute function priv.append_only();
grant update (changed_by_name, reason) on coffee.roadmap_history to coffee_api; -- to a pseudonym
