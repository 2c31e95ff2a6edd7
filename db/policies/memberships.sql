-- coffee.memberships: who is in one's own teams. The right to answer or to be billed hangs on these
-- rows, so only the registrar writes them, for an admin.
alter table coffee.memberships enable row level security;
alter table coffee.memberships force row level security;

grant select on coffee.memberships to coffee_api;
grant select, delete on coffee.memberships to coffee_registrar;
grant insert (team_id, member_id, role), update (role) on coffee.memberships to coffee_registrar;
create policy api on coffee.memberships for select to coffee_api using (true);
create policy registrar on coffee.memberships to coffee_registrar using (true) with check (true);

grant select (team_id, member_id, role, created_at) on coffee.memberships to coffee_user;
create policy members on coffee.memberships for select to coffee_user
  using (team_id = any ((select priv.my_teams())::uuid[]));
