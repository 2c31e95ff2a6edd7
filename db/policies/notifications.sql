-- coffee.notifications: the team reads; ask, answer and withdraw are in functions/notifications.sql.
alter table coffee.notifications enable row level security;
alter table coffee.notifications force row level security;

grant select, insert, update on coffee.notifications to coffee_api;
create policy api on coffee.notifications to coffee_api using (true) with check (true);

grant select on coffee.notifications to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot;
create policy members on coffee.notifications for select
  to coffee_user, coffee_agent, coffee_slackbot
  using (project_id = any ((select priv.my_projects())::uuid[]));
-- A daemon reads what it asked, and what was asked for an attempt that it goes on with; what people
-- and their agents ask each other is none of its business.
create policy own on coffee.notifications for select to coffee_daemon
  using (project_id = any ((select priv.my_projects())::uuid[]) and (
    asked_by = (select priv.me())
    or exists (select from coffee.attempts a
      where a.id = attempt_id and a.daemon_id = (select priv.me()) and key_scope = 'attempt:' || a.id)));
-- No delete: what was asked and who answered is kept.
