-- priv.slack_codes: one-time codes, hashed. No login reads them; functions/slack.sql makes and uses them.
alter table priv.slack_codes enable row level security;
alter table priv.slack_codes force row level security;

grant select, insert, update on priv.slack_codes to coffee_api;
create policy api on priv.slack_codes to coffee_api using (true) with check (true);
