-- Signing in to the dashboard, which serves many people with one login. A person makes a one-time link
-- with their own login; the dashboard turns it into a session, and from then on names that session's
-- token in each transaction. Without one it is nobody, whatever groups its login is in.

create function priv.hash_token(p_token text) returns bytea
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(p_token, 'UTF8'))
$$;

-- 244 bits from the server's strong random source.
create function priv.new_token() returns text
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
$$;

-- The setting coffee.session holds the token and the start of the transaction that it was given to: what
-- stays on a pooled connection, by whatever means, is nobody's in the next transaction.
create function priv.bind_token(p_token text) returns text
language sql stable parallel safe set search_path = pg_catalog, pg_temp as $$
  select p_token || '.' || (extract(epoch from transaction_timestamp()) * 1000000)::bigint
$$;

-- The live session of a token; a row of nulls when there is none.
create function priv.live_session(p_token text) returns coffee.dashboard_sessions
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.dashboard_sessions;
begin
  select s.* into v_row from coffee.dashboard_sessions s
  join priv.principals p on p.id = s.person_id and p.removed_at is null
  where s.token_hash = priv.hash_token(p_token)
    and s.ended_at is null and s.expires_at > clock_timestamp();
  return v_row;
end
$$;

-- What the setting says, when it was made for this very transaction and the session lives.
create function priv.entered_session() returns coffee.dashboard_sessions
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_setting text := current_setting('coffee.session', true);
  v_token text := split_part(v_setting, '.', 1);
begin
  if v_token = '' or v_setting is distinct from priv.bind_token(v_token) then
    return null;
  end if;
  return priv.live_session(v_token);
end
$$;

create function priv.must_dashboard() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_login priv.principals := priv.own_login();
begin
  if v_login.kind is distinct from 'dashboard' then
    raise insufficient_privilege using
      message = 'only the dashboard signs people in', hint = 'A person''s own login needs no session.';
  end if;
  return v_login.id;
end
$$;

-- 122 bits, so that the link fits a line of a terminal; good for one use within ten minutes. Not from within a session: whoever takes one over could go on
-- for ever.
create function coffee.new_dashboard_link(out code text, out expires_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
begin
  code := replace(gen_random_uuid()::text, '-', '');
  expires_at := now() + interval '10 minutes';
  insert into priv.dashboard_links as l (person_id, code_hash, expires_at)
  values (v_me, priv.hash_token(code), new_dashboard_link.expires_at)
  on conflict (person_id) do update set
    code_hash = excluded.code_hash, expires_at = excluded.expires_at, used_at = null;
  perform audit.record('dashboard.link', '{}');
end
$$;
comment on function coffee.new_dashboard_link() is 'A one-time code that signs a browser in as the caller; shown this once, the one before is void.';

-- Turns a link into a session of seven days; the twenty newest of a person live.
create function coffee.open_dashboard(
  p_code text, p_browser text, out token text, out name text, out expires_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_dashboard uuid := priv.must_dashboard();
  v_person uuid;
  v_id uuid;
begin
  update priv.dashboard_links l set used_at = now()
  where l.code_hash = priv.hash_token(p_code) and l.used_at is null and l.expires_at > clock_timestamp()
    and exists (select from priv.principals p where p.id = l.person_id and p.removed_at is null)
  returning l.person_id into v_person;
  if v_person is null then
    perform priv.fail('CR004', 'this link is not valid, or not any more',
      'coffee-roadmap dashboard --link prints a new one.');
  end if;
  token := priv.new_token();
  name := priv.name_of(v_person);
  expires_at := now() + interval '7 days';
  insert into coffee.dashboard_sessions (person_id, token_hash, browser, expires_at)
  values (v_person, priv.hash_token(token),
    left(regexp_replace(p_browser, priv.unprintable(), ' ', 'g'), 300), open_dashboard.expires_at)
  returning id into v_id;
  update coffee.dashboard_sessions s set ended_at = now()
  where s.ended_at is null and s.id in (
    select o.id from coffee.dashboard_sessions o
    where o.person_id = v_person and o.ended_at is null order by o.created_at desc, o.id offset 20);
  perform coffee.enter_dashboard(token);
  perform audit.record('dashboard.open', jsonb_build_object('session', v_id));
end
$$;

-- From here to the end of the transaction the dashboard has the identity and the rights of the person
-- whose token this is.
create function coffee.enter_dashboard(
  p_token text, out id uuid, out name text, out admin boolean, out teams text[], out manages text[],
  out expires_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_dashboard uuid := priv.must_dashboard();
  v_session coffee.dashboard_sessions := priv.live_session(p_token);
begin
  if v_session.id is null then
    raise insufficient_privilege using
      message = 'this sign-in is not valid, or not any more',
      hint = 'coffee-roadmap dashboard --link signs you in again.';
  end if;
  perform set_config('coffee.session', priv.bind_token(p_token), true);
  select w.id, w.name, w.admin, w.teams, w.manages
  into enter_dashboard.id, enter_dashboard.name, enter_dashboard.admin, enter_dashboard.teams,
    enter_dashboard.manages
  from coffee.whoami() w;
  expires_at := v_session.expires_at;
end
$$;

grant execute on function coffee.new_dashboard_link() to coffee_user;
grant execute on function coffee.open_dashboard(text, text), coffee.enter_dashboard(text) to coffee_dashboard;
