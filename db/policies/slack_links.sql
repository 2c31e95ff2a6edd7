-- coffee.slack_links: which Slack account speaks for whom. A person sees their own; functions/slack.sql
-- makes and ends them.
alter table coffee.slack_links enable row level security;
alter table coffee.slack_links force row level security;

grant select, insert, update on coffee.slack_links to coffee_api;
create policy api on coffee.slack_links to coffee_api using (true) with check (true);

grant select on coffee.slack_links to coffee_user, coffee_slackbot;
create policy own on coffee.slack_links for select to coffee_user
  using (person_id = (select priv.me()));
create policy bot_reads on coffee.slack_links for select to coffee_slackbot
  using ((select priv.me()) is not null);
-- No delete: who spoke for whom when is kept.
create trigger never_deleted before truncate or delete on coffee.slack_links
  for each statement execute function priv.append_only();
