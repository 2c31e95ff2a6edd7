-- coffee.people: names. One's own, and those of whoever shares a team.
alter table coffee.people enable row level security;
alter table coffee.people force row level security;

grant select on coffee.people to coffee_api, coffee_registrar;
grant insert (id, name), update (name, removed_at) on coffee.people to coffee_registrar;
create policy api on coffee.people for select to coffee_api using (true);
create policy registrar on coffee.people to coffee_registrar using (true) with check (true);

grant select (id, name, created_at, removed_at) on coffee.people to coffee_user;
create policy colleagues on coffee.people for select to coffee_user
  using (id = any ((select priv.my_colleagues())::uuid[]));
-- Daemons, agents and the bot have no list of people: whom a row names is written in that row.
