-- as: registrar
-- Who may have a person erased: that person, and whoever restores an older backup (functions/departures.sql).

-- Returns how many rows of detail went, and which roles of the server are nobody's here any more.
create function priv.erase_person(p_person uuid, out erased bigint, out logins name[])
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_pseudonym text := 'person-' || substr(encode(sha256(uuid_send(p_person)), 'hex'), 1, 8);
begin
  erased := priv.erase_detail(p_person, priv.name_of(p_person), v_pseudonym);
  logins := array(select priv.retire(p) from priv.principals p
    where p_person in (p.id, p.owner_id) and p.removed_at is null);
  update priv.principals p set name = priv.erased_name(p, v_pseudonym) where p_person in (p.id, p.owner_id);
  update coffee.people set name = v_pseudonym, removed_at = coalesce(removed_at, now()) where id = p_person;
end
$$;

-- For the caller alone, who says their own name. Returns how many rows of detail went.
create function coffee.erase_me(p_name text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
  v_gone record;
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
  v_gone := priv.erase_person(v_me);
  perform priv.drop_login(l) from unnest(v_gone.logins) l;
  return v_gone.erased;
end
$$;
comment on function coffee.erase_me(text) is 'Erases the caller''s detail and ends the login. What was published stays under a pseudonym.';
grant execute on function coffee.erase_me(text) to coffee_user;
