-- as: registrar
-- Teams and who belongs to them: an admin says. A membership that says manager gives the group, too.

create function priv.must_team(p_team text) returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_team uuid;
begin
  select t.id into v_team from coffee.teams t where lower(t.name) = lower(p_team);
  if v_team is null then
    perform priv.fail('CR004', format('there is no team "%s"', p_team), 'coffee-roadmap teams list');
  end if;
  return v_team;
end
$$;

-- The bot serves every team, the dashboard and the collector none of their own.
create function priv.must_belong(p_kind coffee.principal_kind, p_teams integer) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if p_teams > 0 and p_kind not in ('person', 'daemon') then
    perform priv.fail('CR002', format('a %s is no member of a team', p_kind),
      'Only people and daemons are.');
  end if;
end
$$;

create function coffee.add_team(p_name text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_admin uuid := priv.must_admin_login();
  v_id uuid;
begin
  if p_name is null or length(trim(p_name)) not between 1 and 100 or p_name ~ priv.unprintable() then
    perform priv.fail('CR002', 'a team''s name has 1 to 100 printable characters');
  end if;
  insert into coffee.teams (name) values (trim(p_name)) on conflict do nothing returning id into v_id;
  if v_id is null then
    perform priv.fail('CR001', format('there is already a team "%s"', trim(p_name)));
  end if;
  insert into coffee.memberships (team_id, member_id) values (v_id, v_admin);
  perform audit.record('team.add', jsonb_build_object('id', v_id, 'name', trim(p_name)));
  return v_id;
end
$$;

-- p_role null takes the membership away.
create function coffee.set_membership(
  p_team text, p_kind coffee.principal_kind, p_member text, p_role coffee.membership_role)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_admin uuid := priv.must_admin_login();
  v_team uuid := priv.must_team(p_team);
  v_member priv.principals := priv.live_principal(p_kind, p_member);
begin
  if p_role = 'manager' and p_kind <> 'person' then
    perform priv.fail('CR002', 'only a person can manage a team');
  end if;
  perform priv.must_belong(p_kind, (p_role is not null)::int);
  if p_role is null then
    delete from coffee.memberships where team_id = v_team and member_id = v_member.id;
  else
    insert into coffee.memberships (team_id, member_id, role) values (v_team, v_member.id, p_role)
    on conflict (team_id, member_id) do update set role = excluded.role;
  end if;
  perform priv.match_manager(v_member);
  perform audit.record('team.membership', jsonb_build_object(
    'team', p_team, 'member', v_member.id, 'name', v_member.name, 'role', p_role));
end
$$;

grant execute on function
  coffee.add_team(text),
  coffee.set_membership(text, coffee.principal_kind, text, coffee.membership_role)
to coffee_admin;
