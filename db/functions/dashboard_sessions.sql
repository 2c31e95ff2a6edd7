-- Where a person is signed in, and the end of it.

-- Ends the caller's sessions, or only the one that calls. Returns how many.
create function coffee.end_dashboard_sessions(p_only_this boolean default false) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_this uuid;
  v_count integer;
begin
  if (priv.own_login()).kind = 'dashboard' then
    v_this := (priv.entered_session()).id;
  end if;
  perform audit.record('dashboard.close', jsonb_build_object('session', v_this, 'only', p_only_this));
  update coffee.dashboard_sessions s set ended_at = now()
  where s.person_id = v_me and s.ended_at is null and (not p_only_this or s.id = v_this);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- One of the caller's sessions, from wherever; one that has ended stays so.
create function coffee.end_dashboard_session(p_session uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  update coffee.dashboard_sessions s set ended_at = coalesce(s.ended_at, now())
  where s.id = p_session and s.person_id = v_me;
  if not found then
    perform priv.fail('CR004', 'there is no such sign-in of yours', 'coffee-roadmap dashboard --sessions');
  end if;
  perform audit.record('dashboard.close', jsonb_build_object('session', p_session));
end
$$;

create function coffee.this_dashboard_session() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if (priv.own_login()).kind is distinct from 'dashboard' then
    return null;
  end if;
  return (priv.entered_session()).id;
end
$$;
comment on function coffee.this_dashboard_session() is 'The session that the dashboard entered in this transaction; null elsewhere.';

-- For whoever gets a new password, or is no person here any more: whoever had the old one may have left
-- a browser signed in, or a link for one.
create function priv.end_sign_ins(p_person uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- The links first: one that is being opened is waited for, and its session is there to be ended.
  update priv.dashboard_links l set used_at = now()
  where l.person_id = p_person and l.used_at is null;
  update coffee.dashboard_sessions s set ended_at = now()
  where s.person_id = p_person and s.ended_at is null;
end
$$;

grant execute on function
  coffee.end_dashboard_sessions(boolean), coffee.end_dashboard_session(uuid),
  coffee.this_dashboard_session()
to coffee_user;
grant execute on function priv.end_sign_ins(uuid) to coffee_registrar;
