-- coffee.notifications: the team reads; ask, answer and withdraw are in functions/notifications.sql.
alter table coffee.notifications enable row level security;
alter table coffee.notifications force row level security;

grant select, insert, update on coffee.notifications to coffee_api;
create policy api on coffee.notifications to coffee_api using (true) with check (true);

grant select on coffee.notifications to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.notifications for select
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot
  using (project_id = any ((select priv.my_projects())::uuid[]));
-- No delete: what was asked and who answered is kept.
