-- priv.migrations, priv.current_truth: the migrate program's own book, which it reads as superuser.
-- Every client may learn the version through coffee.database_version().
alter table priv.migrations enable row level security;
alter table priv.migrations force row level security;
alter table priv.current_truth enable row level security;
alter table priv.current_truth force row level security;

grant select on priv.migrations to coffee_api;
create policy api on priv.migrations for select to coffee_api using (true);
create policy nobody on priv.current_truth for select to coffee_owner using (false);
