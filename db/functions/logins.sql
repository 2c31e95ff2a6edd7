-- as: registrar
-- Logins: create, drop, re-password, (un)grant. Refuses every role that is not ours. These functions
-- are the only ones that run with CREATEROLE (on 15: as the superuser who migrated).

-- 244 bits from the server's strong random source.
create function priv.new_password() returns text
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
$$;

-- Without the row that shows a person to colleagues.
create function priv.create_principal(p_kind coffee.principal_kind, p_name text, p_owner uuid, p_login name, p_password text)
returns uuid
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_id uuid;
begin
  if exists (
    select from priv.principals p
    where p.kind = p_kind and lower(p.name) = lower(p_name) and p.removed_at is null
  ) then
    perform priv.fail('CR001', format('there is already a %s named "%s"', p_kind, p_name),
      'Choose another name.');
  end if;
  if p_name is null or length(trim(p_name)) not between 1 and 100 or p_name ~ priv.unprintable() then
    perform priv.fail('CR002', 'a name has 1 to 100 printable characters');
  end if;
  perform priv.create_role(p_kind, p_login, p_password);
  insert into priv.principals (kind, login, name, owner_id)
  values (p_kind, p_login, trim(p_name), p_owner) returning id into v_id;
  return v_id;
end
$$;

create function priv.create_login(p_kind coffee.principal_kind, p_name text, p_owner uuid, p_login name, p_password text)
returns uuid
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_id uuid := priv.create_principal(p_kind, p_name, p_owner, p_login, p_password);
begin
  if p_kind = 'person' then
    insert into coffee.people (id, name) values (v_id, trim(p_name));
  end if;
  return v_id;
end
$$;

create function priv.new_login_name(p_kind coffee.principal_kind) returns name
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select (case p_kind when 'person' then 'u' else p_kind::text end
    || '_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))::name
$$;

-- What an admin makes or takes away outlives a session in a browser.
create function priv.must_admin_login() returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
begin
  return priv.must_own_login();
end
$$;

create function coffee.add_login(
  p_kind coffee.principal_kind, p_name text, p_teams text[] default '{}', p_admin boolean default false,
  out login name, out password text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_admin uuid := priv.must_admin_login();
  v_id uuid;
  v_team text;
begin
  if p_kind = 'agent' then
    perform priv.fail('CR002', 'an agent''s login is made by its person', 'coffee-roadmap mcp install');
  end if;
  if p_admin and p_kind <> 'person' then
    perform priv.fail('CR002', 'only a person can be an admin');
  end if;
  login := priv.new_login_name(p_kind);
  password := priv.new_password();
  v_id := priv.create_login(p_kind, p_name, null, login, password);
  if p_admin then
    perform priv.grant_group('coffee_admin', login);
  end if;
  perform priv.must_belong(p_kind, cardinality(p_teams));
  foreach v_team in array p_teams loop
    insert into coffee.memberships (team_id, member_id) values (priv.must_team(v_team), v_id)
    on conflict do nothing;
  end loop;
  perform audit.record('login.add', jsonb_build_object(
    'id', v_id, 'kind', p_kind, 'name', trim(p_name), 'login', login, 'admin', p_admin, 'teams', p_teams));
end
$$;
comment on function coffee.add_login(coffee.principal_kind, text, text[], boolean) is 'Makes a login of its own for a person or a process; the password is shown this once.';

create function priv.live_principal(p_kind coffee.principal_kind, p_name text) returns priv.principals
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_row priv.principals;
begin
  select * into v_row from priv.principals p
  where p.kind = p_kind and lower(p.name) = lower(p_name) and p.removed_at is null;
  if v_row.id is null then
    perform priv.fail('CR004', format('there is no %s named "%s"', p_kind, p_name),
      'coffee-roadmap people list');
  end if;
  return v_row;
end
$$;

-- Nobody from here on, also in sessions that are still open: identity is looked up in each statement.
-- Returns the role of the server that they had.
create function priv.retire(p_principal priv.principals) returns name
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update priv.principals p set login = null, removed_at = now() where p.id = p_principal.id;
  delete from coffee.memberships where member_id = p_principal.id;
  perform priv.end_sign_ins(p_principal.id);
  return p_principal.login;
end
$$;

create function coffee.remove_login(p_kind coffee.principal_kind, p_name text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_admin uuid := priv.must_admin_login();
  v_target priv.principals := priv.live_principal(p_kind, p_name);
begin
  if v_target.id = v_admin then
    perform priv.fail('CR002', 'you cannot remove yourself', 'Let another admin do it.');
  end if;
  perform priv.drop_login(priv.retire(p)) from priv.principals p
  where v_target.id in (p.id, p.owner_id) and p.removed_at is null;
  update coffee.people set removed_at = now() where id = v_target.id;
  perform audit.record('login.remove', jsonb_build_object('id', v_target.id, 'kind', p_kind, 'name', v_target.name));
end
$$;

create function coffee.rotate_password(p_kind coffee.principal_kind, p_name text, out login name, out password text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
  v_target priv.principals;
begin
  -- Asked first: whether somebody of that name exists is not for everybody to know.
  if not exists (
    select from priv.principals p
    where p.id = v_me and p.kind = p_kind and lower(p.name) = lower(p_name)
  ) then
    perform priv.must_admin();
  end if;
  v_target := priv.live_principal(p_kind, p_name);
  login := v_target.login;
  password := priv.new_password();
  perform priv.give_password(v_target, password);
  perform audit.record('login.rotate', jsonb_build_object('id', v_target.id, 'name', v_target.name));
end
$$;

create function coffee.list_logins()
returns table (id uuid, kind coffee.principal_kind, name text, login name, admin boolean, teams text[],
  manages text[], created_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform priv.must_admin();
  return query
    select p.id, p.kind, p.name, p.login,
      p.kind = 'person' and coalesce(pg_catalog.pg_has_role(
        to_regrole(quote_ident(p.login)), 'coffee_admin', 'member'), false),
      array(select t.name from coffee.memberships m join coffee.teams t on t.id = m.team_id
            where m.member_id = p.id order by t.name),
      array(select t.name from coffee.memberships m join coffee.teams t on t.id = m.team_id
            where m.member_id = p.id and m.role = 'manager' order by t.name),
      p.created_at
    from priv.principals p where p.removed_at is null order by p.kind, lower(p.name);
end
$$;

-- For the program that migrates, which calls it as the registrar: makes (or gives a new password to) a login whose
-- secret it keeps itself. The first person of a fresh database becomes the admin of its one team.
create function priv.ensure_login(p_kind coffee.principal_kind, p_name text, p_password text) returns name
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_row priv.principals;
  v_id uuid;
  v_login name;
  v_team uuid;
  v_first boolean := p_kind = 'person' and not exists (select from coffee.people);
begin
  select * into v_row from priv.principals p
  where p.kind = p_kind and lower(p.name) = lower(p_name) and p.removed_at is null;
  if v_row.id is not null then
    perform priv.give_password(v_row, p_password);
    perform priv.grant_groups(p_kind, v_row.login);
    return v_row.login;
  end if;
  v_login := priv.new_login_name(p_kind);
  v_id := priv.create_login(p_kind, p_name, null, v_login, p_password);
  select t.id into v_team from coffee.teams t order by t.created_at limit 1;
  if v_team is null then
    insert into coffee.teams (name) values ('team') returning id into v_team;
  end if;
  if p_kind in ('person', 'daemon') then
    insert into coffee.memberships (team_id, member_id, role)
    values (v_team, v_id, case when v_first then 'manager' else 'member' end::coffee.membership_role);
  end if;
  if v_first then
    perform priv.grant_group('coffee_admin', v_login);
    perform priv.grant_group('coffee_manager', v_login);
  end if;
  perform audit.record('login.add', jsonb_build_object(
    'id', v_id, 'kind', p_kind, 'name', trim(p_name), 'login', v_login, 'admin', v_first));
  return v_login;
end
$$;

grant execute on function
  coffee.add_login(coffee.principal_kind, text, text[], boolean),
  coffee.remove_login(coffee.principal_kind, text),
  coffee.list_logins()
to coffee_admin;
grant execute on function coffee.rotate_password(coffee.principal_kind, text) to coffee_user;
