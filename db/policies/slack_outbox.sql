-- coffee.slack_outbox: what was or will be posted. The bot reads all; who asked sees where it went.
-- functions/slack_outbox.sql writes.
alter table coffee.slack_outbox enable row level security;
alter table coffee.slack_outbox force row level security;

grant select, insert, update on coffee.slack_outbox to coffee_api;
create policy api on coffee.slack_outbox to coffee_api using (true) with check (true);

grant select on coffee.slack_outbox to coffee_user, coffee_daemon, coffee_slackbot;
create policy own_notifications on coffee.slack_outbox for select to coffee_user, coffee_daemon
  using (notification_id in (
    select n.id from coffee.notifications n where n.asked_by = (select priv.me())));
create policy bot_reads on coffee.slack_outbox for select to coffee_slackbot
  using ((select priv.me()) is not null);
-- No delete: without its row a message would be posted again.
create trigger never_deleted before truncate or delete on coffee.slack_outbox
  for each statement execute function priv.append_only();
