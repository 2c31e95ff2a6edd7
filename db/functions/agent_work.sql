-- What a person's own coding agents may do beyond reading and asking: propose, and know sums of money;
-- and for their person which agents there are (agents.sql makes and ends them).

create function priv.must_agent() returns priv.principals
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('agent');
begin
  return priv.own_login();
end
$$;

-- What an agent adds waits, blocked, until a person reopens it: a daemon would begin what is planned,
-- and spend money that nobody agreed to. Always last: the order of work is people's.
create function coffee.propose_item(p_project uuid, p_title text, p_body text default '')
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.must_agent();
  v_project coffee.projects := priv.must_project(p_project);
  v_row coffee.roadmap_items;
begin
  perform from coffee.projects p where p.id = p_project for no key update;
  if (select count(*) from coffee.roadmap_items i
      where i.project_id = p_project and i.created_by = v_me.id and i.created_at > now() - interval '1 hour') >= 50 then
    perform priv.fail('CR001', 'more than 50 proposals within an hour', 'Something proposes in a loop.');
  end if;
  insert into coffee.roadmap_items (project_id, number, position, title, body, state, created_by)
  values (p_project, priv.free_number(p_project), priv.free_position(p_project, null), trim(p_title),
    coalesce(p_body, ''), 'blocked', v_me.id)
  returning * into v_row;
  perform priv.log_change(v_row, 'add', null,
    jsonb_build_object('number', v_row.number, 'title', v_row.title, 'state', 'blocked'),
    'proposed by an agent; reopen it to have it done');
  return v_row;
end
$$;
comment on function coffee.propose_item(uuid, text, text) is 'Adds an item for an agent: last, and blocked until a person reopens it.';

-- Sums alone, without folder, session or machine: the detail stays the person's.
create function coffee.agent_usage(p_since timestamptz, p_until timestamptz)
returns table (model text, calls bigint, input_tokens bigint, output_tokens bigint, cache_read_tokens bigint,
  cache_write_tokens bigint, cost_nanos bigint, unpriced_calls bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.must_agent();
begin
  return query
    select u.model, sum(u.calls)::bigint, sum(u.input_tokens)::bigint, sum(u.output_tokens)::bigint,
      sum(u.cache_read_tokens)::bigint, sum(u.cache_write_5m_tokens + u.cache_write_1h_tokens)::bigint,
      sum(u.cost_nanos)::bigint, sum(u.unpriced_calls)::bigint
    from coffee.usage_buckets u
    where u.person_id = v_me.owner_id and u.bucket >= p_since and u.bucket < p_until
    group by u.model order by 7 desc, u.model;
end
$$;
comment on function coffee.agent_usage(timestamptz, timestamptz) is 'For an agent: what its person''s machines recorded, by model, to a quarter of an hour.';

-- The same calls as analytics.spend_parts counts for its person, each once.
create function coffee.agent_spend(p_since timestamptz, p_until timestamptz)
returns table (project text, calls bigint, cost_nanos bigint, unpriced_calls bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me priv.principals := priv.must_agent();
  v_projects uuid[] := priv.my_projects();
begin
  -- A quarter hour counts where it begins, so calls that were reported twice are taken away where it begins too.
  p_since := priv.quarter_hour(p_since + interval '15 minutes' - interval '1 microsecond');
  p_until := priv.quarter_hour(p_until + interval '15 minutes' - interval '1 microsecond');
  return query
    select n.name, sum(s.calls)::bigint, sum(s.cost)::bigint, sum(s.unpriced)::bigint
    from (
      select b.project_id, b.calls, b.cost_nanos as cost, b.unpriced_calls as unpriced
      from coffee.trace_buckets b
      where b.project_id = any (v_projects) and b.bucket >= p_since and b.bucket < p_until
      union all
      select null, u.calls, u.cost_nanos, u.unpriced_calls from coffee.usage_buckets u
      where u.person_id = v_me.owner_id and u.bucket >= p_since and u.bucket < p_until
      union all
      select null, -1, -coalesce(r.cost_nanos, 0), case when r.cost_nanos is null then -1 else 0 end
      from coffee.usage_records r
      where r.person_id = v_me.owner_id and r.at >= p_since and r.at < p_until and r.message_id <> ''
        and exists (select from coffee.generations g
          where g.message_id = r.message_id and g.project_id = any (v_projects))
    ) s
    left join coffee.projects n on n.id = s.project_id
    group by n.name having sum(s.calls) > 0 order by 3 desc, n.name;
end
$$;
comment on function coffee.agent_spend(timestamptz, timestamptz) is 'For an agent: what was spent by project, each call once; null: on its person''s own machines.';

create function coffee.list_agents()
returns table (id uuid, name text, login name, created_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
begin
  return query
    select p.id, p.name, p.login, p.created_at from priv.principals p
    where p.owner_id = v_me and p.removed_at is null order by lower(p.name);
end
$$;
comment on function coffee.list_agents() is 'The live logins of the caller''s own agents.';

grant execute on function coffee.list_agents() to coffee_user;
grant execute on function
  coffee.propose_item(uuid, text, text), coffee.agent_usage(timestamptz, timestamptz),
  coffee.agent_spend(timestamptz, timestamptz)
to coffee_agent;
