-- priv.dashboard_links: one-time links, hashed. No login reads them; functions/dashboard.sql makes and
-- uses them.
alter table priv.dashboard_links enable row level security;
alter table priv.dashboard_links force row level security;

grant select, insert, update on priv.dashboard_links to coffee_api;
create policy api on priv.dashboard_links to coffee_api using (true) with check (true);
