-- coffee.slack_interactions: what people clicked and typed in Slack. The bot writes and reads; a person
-- reads what was bound to them; a daemon what belongs to its own questions.
alter table coffee.slack_interactions enable row level security;
alter table coffee.slack_interactions force row level security;

grant select, insert, update on coffee.slack_interactions to coffee_api;
create policy api on coffee.slack_interactions to coffee_api using (true) with check (true);

grant select on coffee.slack_interactions to coffee_user, coffee_daemon, coffee_slackbot;
grant insert (slack_key, notification_id, slack_team_id, slack_user_id, slack_user_name, action, response_data)
  on coffee.slack_interactions to coffee_slackbot;
create policy own on coffee.slack_interactions for select to coffee_user
  using (person_id = (select priv.me()));
create policy own_questions on coffee.slack_interactions for select to coffee_daemon
  using (notification_id in (
    select n.id from coffee.notifications n where n.asked_by = (select priv.me())));
create policy bot_reads on coffee.slack_interactions for select to coffee_slackbot
  using ((select priv.me()) is not null);
-- person_id is not among the insertable columns: whose click it was, a function decides by the link.
create policy bot_writes on coffee.slack_interactions for insert to coffee_slackbot
  with check ((select priv.me()) is not null and person_id is null);
create trigger never_truncated before truncate or delete on coffee.slack_interactions
  for each statement execute function priv.append_only();
