-- priv.acting: for whom a transaction of the bot's acts. No login reads or writes it: a row is made and
-- removed within one function of functions/slack.sql, so that none is ever committed.
alter table priv.acting enable row level security;
alter table priv.acting force row level security;

grant select, insert, delete on priv.acting to coffee_api;
create policy api on priv.acting to coffee_api using (true) with check (true);
