-- coffee.dashboard_sessions: a person sees where they are signed in, without the hash of the token;
-- functions/dashboard.sql opens and ends them.
alter table coffee.dashboard_sessions enable row level security;
alter table coffee.dashboard_sessions force row level security;

grant select, insert, update on coffee.dashboard_sessions to coffee_api;
create policy api on coffee.dashboard_sessions to coffee_api using (true) with check (true);

grant select (id, person_id, browser, created_at, expires_at, ended_at) on coffee.dashboard_sessions
  to coffee_user;
create policy own on coffee.dashboard_sessions for select to coffee_user
  using (person_id = (select priv.me()));
