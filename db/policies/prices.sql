-- coffee.prices and coffee.price_versions: the same for everybody; functions/prices.sql writes for admins,
-- migrations as the owner, whom FORCE binds too. Nothing is deleted: a cost names the version it was made with.
alter table coffee.price_versions enable row level security;
alter table coffee.price_versions force row level security;
alter table coffee.prices enable row level security;
alter table coffee.prices force row level security;

grant select, insert on coffee.price_versions to coffee_api;
grant select, insert, update on coffee.prices to coffee_api;
create policy api on coffee.price_versions to coffee_api using (true) with check (true);
create policy api on coffee.prices to coffee_api using (true) with check (true);
create policy migrations on coffee.price_versions to coffee_owner using (true) with check (true);
create policy migrations on coffee.prices to coffee_owner using (true) with check (true);

-- The dashboard's login reads them with a person's session.
grant select on coffee.price_versions to coffee_user, coffee_agent, coffee_daemon;
grant select on coffee.prices to coffee_user, coffee_agent, coffee_daemon;
create policy everybody on coffee.price_versions for select
  to coffee_user, coffee_agent, coffee_daemon
  using ((select priv.me()) is not null);
create policy everybody on coffee.prices for select
  to coffee_user, coffee_agent, coffee_daemon
  using ((select priv.me()) is not null);
