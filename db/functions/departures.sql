-- as: registrar
-- For the program that restores, which calls these as the registrar: who has left since the backup was made
-- leaves again. Roles are the server's, and other databases': none is dropped here.

-- Those of these people who were not erased yet, as they were called until now.
create function priv.replay_erasures(p_people uuid[]) returns table (person uuid, name text, logins text[])
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  for person, name in
    select c.id, c.name from coffee.people c
    where c.id = any (p_people) and not priv.is_erased(c.id) order by c.id
  loop
    logins := (priv.erase_person(person)).logins;
    return next;
  end loop;
end
$$;

-- Those of these people and processes, and of the people's agents, who were not removed yet.
create function priv.replay_removals(p_removed uuid[])
returns table (kind coffee.principal_kind, name text, login name)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_row priv.principals;
begin
  for v_row in
    select p.* from priv.principals p
    where p.removed_at is null and (p.id = any (p_removed) or p.owner_id = any (p_removed))
    order by lower(p.name), p.id
  loop
    kind := v_row.kind;
    name := v_row.name;
    login := priv.retire(v_row);
    update coffee.people c set removed_at = now() where c.id = v_row.id;
    perform audit.record('login.remove', jsonb_build_object('id', v_row.id, 'kind', kind, 'name', name));
    return next;
  end loop;
end
$$;
