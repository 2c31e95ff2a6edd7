-- as: registrar
-- Who may have a person erased: that person, and whoever restores an older backup.

create function priv.erase_person(p_person uuid) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_pseudonym text := 'person-' || substr(encode(sha256(uuid_send(p_person)), 'hex'), 1, 8);
  v_name text := priv.name_of(p_person);
  v_row record;
  v_erased bigint;
begin
  v_erased := priv.erase_detail(p_person, v_name, v_pseudonym);
  for v_row in
    select p.id, p.login from priv.principals p
    where (p.id = p_person or p.owner_id = p_person) and p.removed_at is null
  loop
    update priv.principals set login = null, removed_at = now() where id = v_row.id;
    delete from coffee.memberships where member_id = v_row.id;
    perform priv.end_sign_ins(v_row.id);
    perform priv.drop_login(v_row.login);
  end loop;
  update priv.principals p set name = priv.erased_name(p, v_pseudonym) where p_person in (p.id, p.owner_id);
  update coffee.people set name = v_pseudonym, removed_at = coalesce(removed_at, now()) where id = p_person;
  return v_erased;
end
$$;

-- For the caller alone, who says their own name. Returns how many rows of detail went.
create function coffee.erase_me(p_name text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
begin
  if p_name is distinct from priv.name_of(v_me) then
    perform priv.fail('CR002', 'that is not your name', 'It is written as coffee-roadmap people list shows it.');
  end if;
  if priv.is_admin() and not exists (
    select from priv.principals p join pg_catalog.pg_auth_members m
      on m.member = to_regrole(quote_ident(p.login)) and m.roleid = to_regrole('coffee_admin')
    where p.kind = 'person' and p.removed_at is null and p.id <> v_me
  ) then
    perform priv.fail('CR001', 'you are the only admin', 'Make another one first: coffee-roadmap people add NAME --admin.');
  end if;
  return priv.erase_person(v_me);
end
$$;
comment on function coffee.erase_me(text) is 'Erases the caller''s detail and ends the login. What was published stays under a pseudonym.';
grant execute on function coffee.erase_me(text) to coffee_user;

-- For the program that restores, which calls it as the registrar: those who were erased since the backup
-- was made are erased again. Returns how many there were.
create function priv.replay_erasures(p_people uuid[]) returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_person uuid;
  v_count integer := 0;
begin
  for v_person in
    select p.id from priv.principals p join coffee.people c on c.id = p.id
    where p.id = any (p_people) and not priv.is_erased(p.id) order by p.id
  loop
    perform priv.erase_person(v_person);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
