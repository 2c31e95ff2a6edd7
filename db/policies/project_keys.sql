-- coffee.project_keys: the team sees which there are; the secret's hash is nobody's but the functions'.
alter table coffee.project_keys enable row level security;
alter table coffee.project_keys force row level security;

grant select, insert, update on coffee.project_keys to coffee_api;
create policy api on coffee.project_keys to coffee_api using (true) with check (true);

grant select (id, project_id, name, public_key, created_by, created_at, last_used_at, revoked_at)
  on coffee.project_keys to coffee_user;
create policy members on coffee.project_keys for select to coffee_user
  using (project_id = any ((select priv.my_projects())::uuid[]));
