-- as: registrar
-- The server's roles behind logins: made, given groups, dropped.

create function priv.group_of(p_kind coffee.principal_kind) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case p_kind when 'person' then 'coffee_user' else 'coffee_' || p_kind::text end
$$;

-- On 16 and later members inherit the rights but cannot SET ROLE to the group.
create function priv.grant_group(p_group text, p_login name) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('server_version_num')::int >= 160000 then
    execute format('grant %I to %I with inherit true, set false', p_group, p_login);
  else
    execute format('grant %I to %I', p_group, p_login);
  end if;
end
$$;

-- The dashboard's is in what its people are in: nobody there, until the session of one is entered
-- (functions/dashboard.sql).
create function priv.grant_groups(p_kind coffee.principal_kind, p_login name) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_group text;
begin
  foreach v_group in array priv.group_of(p_kind) || case when p_kind = 'dashboard'
    then array['coffee_user', 'coffee_manager', 'coffee_admin'] else '{}' end
  loop
    if not pg_catalog.pg_has_role(p_login, v_group, 'member') then
      perform priv.grant_group(v_group, p_login);
    end if;
  end loop;
end
$$;

create function priv.create_role(p_kind coffee.principal_kind, p_login name, p_password text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format(
    'create role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit connection limit %s password %L',
    p_login, case when p_kind in ('person', 'agent', 'auditor') then 20 else 40 end, p_password);
  perform priv.grant_groups(p_kind, p_login);
end
$$;

-- A login may own what only it can drop: its default privileges, or a temporary table in another
-- database of the cluster. Then the role stays, can neither log in nor do anything, and is nobody.
create function priv.drop_login(p_login name) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_role regrole := to_regrole(quote_ident(p_login));
  v_group name;
begin
  if v_role is null then
    return; -- the rows were restored into another cluster
  end if;
  execute format('alter role %I nologin password null connection limit 0', p_login);
  for v_group in
    select g.rolname from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid
    where m.member = v_role and g.rolname ~ '^coffee_'
  loop
    execute format('revoke %I from %I', v_group, p_login);
  end loop;
  begin
    execute format('drop role %I', p_login);
  exception when dependent_objects_still_exist or object_in_use then
    null; -- in use: whoever erases themselves is still connected
  end;
end
$$;

-- Makes the role anew where only the rows were restored, or somebody dropped it; who was an admin is not in
-- the rows.
create function priv.give_password(p_principal priv.principals, p_password text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if to_regrole(quote_ident(p_principal.login)) is null then
    perform priv.create_role(p_principal.kind, p_principal.login, p_password);
    perform priv.match_manager(p_principal);
  else
    execute format('alter role %I password %L', p_principal.login, p_password);
  end if;
  perform priv.end_sign_ins(p_principal.id);
end
$$;

-- The verbs of a manager come and go with the memberships that say manager.
create function priv.match_manager(p_member priv.principals) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_wanted boolean := exists (
    select from coffee.memberships m where m.member_id = p_member.id and m.role = 'manager');
  v_role regrole := to_regrole(quote_ident(p_member.login));
  v_has boolean := pg_catalog.pg_has_role(v_role, 'coffee_manager', 'member');
begin
  if p_member.kind <> 'person' or v_role is null then
    return; -- the dashboard has them all; what is missing gets them when it is made anew
  end if;
  if v_wanted and not v_has then
    perform priv.grant_group('coffee_manager', p_member.login);
  elsif v_has and not v_wanted then
    execute format('revoke coffee_manager from %I', p_member.login);
  end if;
end
$$;
