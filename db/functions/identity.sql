-- Who is asking. Identity is the login: session_user, never current_user, never a setting.

-- The login's own row, whomever it acts for.
create function priv.own_login() returns priv.principals
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals;
begin
  select * into v_me from priv.principals p where p.login = session_user;
  return v_me;
end
$$;

-- Who asks: the login's own row, with two exceptions. For the Slack bot, while a function of
-- functions/slack.sql does what a linked person said, that person's: the row of priv.acting is this very
-- transaction's, no other sees it, and no login can make one. For the dashboard, that of the person whose
-- session it entered in this transaction (functions/dashboard.sql), else nobody's. Whatever a person may
-- do asks here, and looks up session_user nowhere else.
create function priv.who() returns priv.principals
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.own_login();
  v_person priv.principals;
begin
  if v_me.kind = 'dashboard' then
    select p.* into v_person from priv.principals p where p.id = (priv.entered_session()).person_id;
    return v_person;
  end if;
  if v_me.kind = 'slackbot' then
    select p.* into v_person from priv.acting a join priv.principals p on p.id = a.person_id
    where a.transaction = pg_current_xact_id_if_assigned() and p.removed_at is null;
    if v_person.id is not null then
      return v_person;
    end if;
  end if;
  return v_me;
end
$$;

create function priv.me() returns uuid
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (priv.who()).id;
end
$$;
comment on function priv.me() is 'The caller''s principal id; null for a login that is nobody, and then every policy shows nothing.';

create function priv.my_kind() returns coffee.principal_kind
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (priv.who()).kind;
end
$$;

-- An agent's scope is its person's; the Slack bot carries messages of every team.
create function priv.my_teams() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.who();
begin
  if v_me.id is null then
    return '{}';
  end if;
  if v_me.kind = 'slackbot' then
    return array(select t.id from coffee.teams t);
  end if;
  return array(
    select m.team_id from coffee.memberships m where m.member_id = coalesce(v_me.owner_id, v_me.id));
end
$$;

create function priv.my_projects() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_teams uuid[] := priv.my_teams(); -- written into the query it would be called for each row
begin
  return array(select p.id from coffee.projects p where p.team_id = any (v_teams));
end
$$;

-- Everybody whose name the caller may see: those who share a team.
create function priv.my_colleagues() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_teams uuid[] := priv.my_teams();
begin
  return array(
    select m.member_id from coffee.memberships m where m.team_id = any (v_teams)
    union select priv.me());
end
$$;

-- Whether the caller is an admin: that person's own login is in the group, whichever login asks. The
-- dashboard's is in it for everybody whom it serves, so nothing else may ask whether session_user is.
create function priv.is_admin() returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.who();
begin
  -- Read from the catalog: pg_has_role notices what others took away at the next transaction only.
  return v_me.kind is not distinct from 'person' and exists (
    select from pg_catalog.pg_auth_members m
    where m.member = to_regrole(quote_ident(v_me.login)) and m.roleid = to_regrole('coffee_admin'));
end
$$;

-- The teams that the caller manages. What is granted to coffee_manager shows and does nothing beyond them.
create function priv.my_managed_teams() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.who();
begin
  if v_me.kind is distinct from 'person' then
    return '{}';
  end if;
  return array(
    select m.team_id from coffee.memberships m where m.member_id = v_me.id and m.role = 'manager');
end
$$;

create function priv.must_me() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.me();
begin
  if v_me is null then
    raise insufficient_privilege using
      message = 'this login is nobody here',
      hint = 'Ask an admin for a login: coffee-roadmap people add NAME.';
  end if;
  return v_me;
end
$$;

create function priv.must_be(variadic p_kinds coffee.principal_kind[]) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.who();
begin
  if v_me.id is null then
    return priv.must_me(); -- which says why not
  end if;
  if not v_me.kind = any (p_kinds) then
    raise insufficient_privilege using
      message = format('a login of kind %s may not do this', v_me.kind),
      hint = format('Only: %s.', array_to_string(p_kinds, ', '));
  end if;
  return v_me.id;
end
$$;

-- For what a session in a browser is not enough: whatever would outlive it.
create function priv.must_own_login() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if (priv.own_login()).kind is distinct from 'person' then
    raise insufficient_privilege using
      message = 'this takes a person''s own login',
      hint = 'Do it in a terminal: coffee-roadmap --help.';
  end if;
  return priv.must_be('person');
end
$$;

create function priv.must_admin() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_me();
begin
  if not priv.is_admin() then
    raise insufficient_privilege using
      message = 'only an admin may do this', hint = 'coffee-roadmap people list shows who is one.';
  end if;
  return v_me;
end
$$;

-- The same for a team that is not there: whether it is, is not for everybody to know.
create function priv.must_manage(p_team uuid) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_me();
begin
  if p_team is null or not p_team = any (priv.my_managed_teams()) then
    raise insufficient_privilege using
      message = 'only a manager of the team may do this',
      hint = 'An admin says who is one: coffee-roadmap teams --help.';
  end if;
  return v_me;
end
$$;

create function priv.name_of(p_id uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.name from priv.principals p where p.id = p_id
$$;

create function coffee.whoami()
returns table (id uuid, kind coffee.principal_kind, name text, admin boolean, teams text[], manages text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.id, p.kind, p.name, priv.is_admin(),
    array(select t.name from coffee.teams t where t.id = any (priv.my_teams()) order by t.name),
    array(select t.name from coffee.teams t where t.id = any (priv.my_managed_teams()) order by t.name)
  from priv.principals p where p.id = coalesce((select priv.me()), (select (priv.own_login()).id))
$$;
comment on function coffee.whoami() is 'One row about the caller, or about the login when it acts for nobody; no row for a login that is nobody.';

-- Policies call these with the caller''s rights.
grant execute on function priv.me(), priv.my_teams(), priv.my_projects(), priv.my_colleagues()
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot, coffee_dashboard, coffee_auditor;
grant execute on function priv.my_managed_teams() to coffee_manager;
grant execute on function coffee.whoami()
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot, coffee_dashboard, coffee_collector,
     coffee_auditor;
-- The registrar's functions run as another owner and need to know who calls them.
grant execute on function
  priv.me(), priv.must_me(), priv.must_own_login(), priv.must_admin(), priv.is_admin(), priv.name_of(uuid)
  to coffee_registrar;
