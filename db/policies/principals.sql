-- priv.principals: which login is who. No login reads it: names of colleagues are in coffee.people,
-- one's own row in coffee.whoami().
alter table priv.principals enable row level security;
alter table priv.principals force row level security;

grant select on priv.principals to coffee_api, coffee_registrar;
grant insert (kind, login, name, owner_id), update (login, name, removed_at) on priv.principals to coffee_registrar;
create policy api on priv.principals for select to coffee_api using (true);
create policy registrar on priv.principals to coffee_registrar using (true) with check (true);
-- Nobody deletes: history, answers and audit entries point here for ever.
