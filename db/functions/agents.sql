-- as: registrar
-- Logins for a person's own coding agents: the person makes and ends them, and needs no admin for it.
-- Such a login is in coffee_agent alone: it sees what its person's teams see of the roadmap, asks and
-- reports, and goes when its person goes.

-- The name begins with its person's, which is nobody else's: a label tells nothing of other people's. A long
-- name is cut, and has a part of the person's id, because another may begin with the same words.
create function priv.agent_name(p_person uuid, p_label text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if p_label is null or length(trim(p_label)) not between 1 and 40 or p_label ~ priv.unprintable() then
    perform priv.fail('CR002', 'an agent''s label has 1 to 40 printable characters');
  end if;
  return case when length(priv.name_of(p_person)) <= 45 then priv.name_of(p_person)
      else left(priv.name_of(p_person), 36) || ' ' || left(p_person::text, 8) end
    || '''s agent (' || trim(p_label) || ')';
end
$$;

create function priv.own_agent(p_person uuid, p_label text) returns priv.principals
language sql stable set search_path = pg_catalog, pg_temp as $$
  select p from priv.principals p
  where p.owner_id = p_person and p.kind = 'agent' and p.removed_at is null
    and lower(p.name) = lower(priv.agent_name(p_person, p_label))
$$;

create function coffee.add_agent(p_label text, out name text, out login name, out password text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
  v_old priv.principals;
  v_id uuid;
begin
  name := priv.agent_name(v_me, p_label);
  password := priv.new_password();
  perform from priv.principals p where p.id = v_me for no key update; -- one at a time
  v_old := priv.own_agent(v_me, p_label);
  if v_old.id is not null then
    name := v_old.name;
    login := v_old.login;
    perform priv.give_password(v_old, password);
    perform audit.record('login.rotate', jsonb_build_object('id', v_old.id, 'name', name));
    return;
  end if;
  if (select count(*) from priv.principals p where p.owner_id = v_me and p.removed_at is null) >= 20 then
    perform priv.fail('CR001', 'you have 20 agents already', 'End one: coffee-roadmap mcp remove --login LABEL.');
  end if;
  login := priv.new_login_name('agent');
  v_id := priv.create_principal('agent', name, v_me, login, password);
  perform audit.record('login.add', jsonb_build_object(
    'id', v_id, 'kind', 'agent', 'name', name, 'login', login, 'owner', v_me));
end
$$;
comment on function coffee.add_agent(text) is 'A login for the caller''s own coding agents, or a new password for the one with this label; shown this once.';

create function coffee.remove_agent(p_label text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
  v_agent priv.principals := priv.own_agent(v_me, p_label);
begin
  if v_agent.id is null then
    perform priv.fail('CR004', format('you have no agent labelled "%s"', p_label), 'coffee-roadmap mcp list');
  end if;
  perform priv.drop_login(priv.retire(v_agent));
  perform audit.record('login.remove', jsonb_build_object('id', v_agent.id, 'kind', 'agent', 'name', v_agent.name));
end
$$;
comment on function coffee.remove_agent(text) is 'Ends the login of an agent of the caller''s own; what it asked stays in the books.';

grant execute on function coffee.add_agent(text), coffee.remove_agent(text) to coffee_user;
