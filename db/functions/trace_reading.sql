-- What programs read with a project key: of that project, and nothing else. Each list takes a filter
-- and gives {total, rows}; pages begin at 1 and have at most 100 rows. A key of the filter that is not
-- known is passed over, as the API that is imitated does.

create function priv.page_of(p_filter jsonb, out page_limit integer, out page_offset bigint)
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_page text := coalesce(p_filter ->> 'page', '1');
begin
  if v_page !~ '^[1-9]\d{0,8}$' or coalesce(p_filter ->> 'limit', '50') !~ '^[1-9]\d{0,5}$' then
    perform priv.fail('CR002', 'page and limit are whole numbers of at least 1');
  end if;
  page_limit := least(coalesce(p_filter ->> 'limit', '50')::integer, 100);
  page_offset := (v_page::bigint - 1) * page_limit;
end
$$;

create function priv.moment_of(p_filter jsonb, p_key text) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if p_filter ->> p_key is not null and priv.moment(p_filter ->> p_key) is null then
    perform priv.fail('CR002', format('%s is not a moment with a time zone', p_key));
  end if;
  return priv.moment(p_filter ->> p_key);
end
$$;

-- Filter: page, limit, from, to (exclusive), name, user_id, session_id, environment, version, release,
-- tags (all of them).
create function coffee.list_traces_with_key(p_public_key text, p_secret_key text, p_filter jsonb default '{}')
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
  v_page record := priv.page_of(p_filter);
  v_from timestamptz := coalesce(priv.moment_of(p_filter, 'from'), '-infinity');
  v_to timestamptz := coalesce(priv.moment_of(p_filter, 'to'), 'infinity');
  v_tags text[] := array(select jsonb_array_elements_text(
    case jsonb_typeof(p_filter -> 'tags') when 'array' then p_filter -> 'tags' else '[]' end));
  v_answer jsonb;
begin
  with found as (
    select t.id, t.at from coffee.traces t
    where t.project_id = v_project and t.at >= v_from and t.at < v_to
      and (not p_filter ? 'name' or t.name = p_filter ->> 'name')
      and (not p_filter ? 'user_id' or t.user_id = p_filter ->> 'user_id')
      and (not p_filter ? 'session_id' or t.session_id = p_filter ->> 'session_id')
      and (not p_filter ? 'environment' or t.environment = p_filter ->> 'environment')
      and (not p_filter ? 'version' or t.version = p_filter ->> 'version')
      and (not p_filter ? 'release' or t.release = p_filter ->> 'release')
      and coalesce(t.tags, '{}') @> v_tags
  ), page as (
    select f.id from found f order by f.at desc, f.id limit v_page.page_limit offset v_page.page_offset
  )
  select jsonb_build_object('total', (select count(*) from found), 'rows', coalesce(
    jsonb_agg(priv.trace_row(t) || jsonb_build_object('observation_ids', (
        select coalesce(jsonb_agg(o.id order by o.at, o.id), '[]') from analytics.observations o
        where o.project_id = v_project and o.trace_id = t.id),
      'score_ids', (select coalesce(jsonb_agg(s.id order by s.at, s.id), '[]') from coffee.scores s
        where s.project_id = v_project and s.trace_id = t.id),
      'cost_nanos', (select sum(g.cost_nanos) from coffee.generations g
        where g.project_id = v_project and g.trace_id = t.id)) order by t.at desc, t.id), '[]'))
  into v_answer
  from coffee.traces t where t.project_id = v_project and t.id in (select p.id from page p);
  return v_answer;
end
$$;

create function priv.trace_row(p_trace coffee.traces) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select to_jsonb(p_trace) - '{stamp,stamps,seen_at,started_at,daemon_id}'::text[]
$$;

-- The trace with its observations and scores; null where there is none.
create function coffee.get_trace_with_key(p_public_key text, p_secret_key text, p_trace text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
begin
  return (
    select priv.trace_row(t) || jsonb_build_object(
      'observations', (select coalesce(jsonb_agg(to_jsonb(o) - 'daemon_id' order by o.at, o.id), '[]')
        from analytics.observations o where o.project_id = v_project and o.trace_id = t.id),
      'scores', (select coalesce(jsonb_agg(to_jsonb(s) - '{stamp,daemon_id}'::text[] order by s.at, s.id), '[]')
        from coffee.scores s where s.project_id = v_project and s.trace_id = t.id))
    from coffee.traces t where t.project_id = v_project and t.id = p_trace);
end
$$;

-- Filter: page, limit, from, to. A session is what its traces say: {id, at, trace_count}.
create function coffee.list_sessions_with_key(p_public_key text, p_secret_key text, p_filter jsonb default '{}')
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
  v_page record := priv.page_of(p_filter);
  v_from timestamptz := coalesce(priv.moment_of(p_filter, 'from'), '-infinity');
  v_to timestamptz := coalesce(priv.moment_of(p_filter, 'to'), 'infinity');
begin
  return (
    with found as (
      select t.session_id as id, min(t.at) as at, count(*) as trace_count, min(t.environment) as environment
      from coffee.traces t where t.project_id = v_project and t.session_id is not null
      group by t.session_id having min(t.at) >= v_from and min(t.at) < v_to
    ), page as (
      select f.* from found f order by f.at desc, f.id limit v_page.page_limit offset v_page.page_offset
    )
    select jsonb_build_object('total', (select count(*) from found),
      'rows', coalesce((select jsonb_agg(to_jsonb(p) order by p.at desc, p.id) from page p), '[]')));
end
$$;

-- Filter: page, limit, from, to, id, trace_id, parent_id, type, name, level, environment, version.
create function coffee.list_observations_with_key(p_public_key text, p_secret_key text, p_filter jsonb default '{}')
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
  v_page record := priv.page_of(p_filter);
  v_from timestamptz := coalesce(priv.moment_of(p_filter, 'from'), '-infinity');
  v_to timestamptz := coalesce(priv.moment_of(p_filter, 'to'), 'infinity');
begin
  return (
    with found as (
      select o.* from analytics.observations o
      where o.project_id = v_project and o.at >= v_from and o.at < v_to
        and (not p_filter ? 'id' or o.id = p_filter ->> 'id')
        and (not p_filter ? 'trace_id' or o.trace_id = p_filter ->> 'trace_id')
        and (not p_filter ? 'parent_id' or o.parent_id = p_filter ->> 'parent_id')
        and (not p_filter ? 'type' or o.type = upper(p_filter ->> 'type'))
        and (not p_filter ? 'name' or o.name = p_filter ->> 'name')
        and (not p_filter ? 'level' or o.level = p_filter ->> 'level')
        and (not p_filter ? 'environment' or o.environment = p_filter ->> 'environment')
        and (not p_filter ? 'version' or o.version = p_filter ->> 'version')
    ), page as (
      select f.* from found f order by f.at desc, f.id limit v_page.page_limit offset v_page.page_offset
    )
    select jsonb_build_object('total', (select count(*) from found), 'rows',
      coalesce((select jsonb_agg(to_jsonb(p) - 'daemon_id' order by p.at desc, p.id) from page p), '[]')));
end
$$;

-- Filter: page, limit, from, to, id, trace_id, observation_id, name, data_type.
create function coffee.list_scores_with_key(p_public_key text, p_secret_key text, p_filter jsonb default '{}')
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
  v_page record := priv.page_of(p_filter);
  v_from timestamptz := coalesce(priv.moment_of(p_filter, 'from'), '-infinity');
  v_to timestamptz := coalesce(priv.moment_of(p_filter, 'to'), 'infinity');
begin
  return (
    with found as (
      select s.* from coffee.scores s
      where s.project_id = v_project and s.at >= v_from and s.at < v_to
        and (not p_filter ? 'id' or s.id = p_filter ->> 'id')
        and (not p_filter ? 'trace_id' or s.trace_id = p_filter ->> 'trace_id')
        and (not p_filter ? 'observation_id' or s.observation_id = p_filter ->> 'observation_id')
        and (not p_filter ? 'name' or s.name = p_filter ->> 'name')
        and (not p_filter ? 'data_type' or s.data_type = p_filter ->> 'data_type')
    ), page as (
      select f.* from found f order by f.at desc, f.id limit v_page.page_limit offset v_page.page_offset
    )
    select jsonb_build_object('total', (select count(*) from found), 'rows', coalesce((
      select jsonb_agg(to_jsonb(p) - '{stamp,daemon_id}'::text[] order by p.at desc, p.id) from page p), '[]')));
end
$$;

grant execute on function
  coffee.list_traces_with_key(text, text, jsonb), coffee.get_trace_with_key(text, text, text),
  coffee.list_sessions_with_key(text, text, jsonb), coffee.list_observations_with_key(text, text, jsonb),
  coffee.list_scores_with_key(text, text, jsonb)
to coffee_collector;
