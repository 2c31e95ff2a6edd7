-- coffee.attempt_steps: every step of an attempt, append-only.
alter table coffee.attempt_steps enable row level security;
alter table coffee.attempt_steps force row level security;

grant select, insert on coffee.attempt_steps to coffee_api;
create policy api on coffee.attempt_steps to coffee_api using (true) with check (true);

grant select on coffee.attempt_steps to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.attempt_steps for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (project_id = any ((select priv.my_projects())::uuid[]));
create trigger append_only before update or delete on coffee.attempt_steps
  for each row execute function priv.append_only();
create trigger never_truncated before truncate on coffee.attempt_steps
  for each statement execute function priv.append_only();
