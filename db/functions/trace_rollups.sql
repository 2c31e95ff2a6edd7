-- Sums of generations, kept exact in the transaction that changes them. Batches of one project follow
-- each other anyway, and no row is shared by two projects.

-- The beginning of the 15 minutes that sums are kept of: no zone's midnight lies inside.
create function priv.quarter_hour(p_at timestamptz) returns timestamptz
language sql immutable parallel safe
return date_bin('15 minutes', p_at, '2000-01-01 00:00Z');

-- At most a day: a call that lasts longer has a wrong clock.
create function priv.duration_ms(p_from timestamptz, p_to timestamptz) returns bigint
language sql immutable parallel safe
return least(greatest(extract(epoch from p_to - p_from) * 1000, 0), 86400000)::bigint;

-- What one call adds to the sums. Written into the query, which so reads no prompt.
create function priv.sums_of_call(p_call coffee.generations) returns coffee.trace_buckets
language sql immutable parallel safe
return row((p_call).project_id, priv.quarter_hour((p_call).at), coalesce((p_call).model_name, ''),
  coalesce((p_call).daemon_id, '00000000-0000-0000-0000-000000000000'), coalesce((p_call).item_id, 0),
  1, (p_call).input_tokens, (p_call).output_tokens, (p_call).cache_read_tokens, (p_call).cache_write_5m_tokens,
  (p_call).cache_write_1h_tokens, coalesce((p_call).cost_nanos, 0), (p_call).unpriced::integer,
  case (p_call).level when 'ERROR' then 1 else 0 end,
  coalesce(priv.duration_ms((p_call).started_at, (p_call).ended_at), 0))::coffee.trace_buckets;

create function priv.add_trace_sums(p_calls coffee.trace_buckets[], p_sign integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_sums coffee.trace_buckets[];
begin
  v_sums := array(
    select row(c.project_id, c.bucket, c.model, c.daemon_id, c.item_id, p_sign * sum(c.calls),
      p_sign * sum(c.input_tokens), p_sign * sum(c.output_tokens), p_sign * sum(c.cache_read_tokens),
      p_sign * sum(c.cache_write_5m_tokens), p_sign * sum(c.cache_write_1h_tokens), p_sign * sum(c.cost_nanos),
      p_sign * sum(c.unpriced_calls), p_sign * sum(c.failed_calls), p_sign * sum(c.duration_ms))::coffee.trace_buckets
    from unnest(p_calls) c
    group by c.project_id, c.bucket, c.model, c.daemon_id, c.item_id);
  insert into coffee.trace_buckets as b
  select s.* from unnest(v_sums) s order by s.project_id, s.bucket, s.model, s.daemon_id, s.item_id
  on conflict (project_id, bucket, model, daemon_id, item_id) do update set
    calls = b.calls + excluded.calls, input_tokens = b.input_tokens + excluded.input_tokens,
    output_tokens = b.output_tokens + excluded.output_tokens,
    cache_read_tokens = b.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_5m_tokens = b.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = b.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    cost_nanos = b.cost_nanos + excluded.cost_nanos,
    unpriced_calls = b.unpriced_calls + excluded.unpriced_calls,
    failed_calls = b.failed_calls + excluded.failed_calls,
    duration_ms = b.duration_ms + excluded.duration_ms;
  insert into coffee.trace_days as d
  select s.project_id, z.zone, (s.bucket at time zone z.zone)::date, s.model, s.daemon_id, s.item_id,
    sum(s.calls), sum(s.input_tokens), sum(s.output_tokens), sum(s.cache_read_tokens),
    sum(s.cache_write_5m_tokens), sum(s.cache_write_1h_tokens), sum(s.cost_nanos),
    sum(s.unpriced_calls), sum(s.failed_calls), sum(s.duration_ms)
  from unnest(v_sums) s cross join coffee.reporting_zones z
  group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
  on conflict (project_id, zone, day, model, daemon_id, item_id) do update set
    calls = d.calls + excluded.calls, input_tokens = d.input_tokens + excluded.input_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens,
    cache_read_tokens = d.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_5m_tokens = d.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = d.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    cost_nanos = d.cost_nanos + excluded.cost_nanos,
    unpriced_calls = d.unpriced_calls + excluded.unpriced_calls,
    failed_calls = d.failed_calls + excluded.failed_calls,
    duration_ms = d.duration_ms + excluded.duration_ms;
end
$$;

create function priv.roll_up_generations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- What inserts or else updates fires for both, and mostly only inserts.
  if tg_op = 'UPDATE' then
    if not exists (select from old_rows) then
      return null;
    end if;
  end if;
  -- Whoever adds a zone reads all sums and waits for us, or we see the zone.
  perform pg_advisory_xact_lock_shared(73, 0);
  if tg_op <> 'DELETE' then
    perform priv.add_trace_sums(array(select priv.sums_of_call(row(r.*)::coffee.generations) from new_rows r), 1);
  end if;
  if tg_op <> 'INSERT' then
    perform priv.add_trace_sums(array(select priv.sums_of_call(row(r.*)::coffee.generations) from old_rows r), -1);
    -- Each once: a day has thousands of calls.
    delete from coffee.trace_buckets b
    using (select distinct r.project_id, priv.quarter_hour(r.at) as bucket from old_rows r) o
    where b.project_id = o.project_id and b.bucket = o.bucket and b.calls = 0;
    delete from coffee.trace_days d
    using (select distinct r.project_id, z.zone, (r.at at time zone z.zone)::date as day
      from old_rows r cross join coffee.reporting_zones z) o
    where d.project_id = o.project_id and d.zone = o.zone and d.day = o.day and d.calls = 0;
  end if;
  return null;
end
$$;
grant execute on function priv.roll_up_generations() to coffee_owner; -- creates the triggers

-- For coffee.add_reporting_zone.
create function priv.fill_trace_days(p_zone text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into coffee.trace_days
  select b.project_id, p_zone, (b.bucket at time zone p_zone)::date, b.model, b.daemon_id, b.item_id,
    sum(b.calls), sum(b.input_tokens), sum(b.output_tokens), sum(b.cache_read_tokens),
    sum(b.cache_write_5m_tokens), sum(b.cache_write_1h_tokens), sum(b.cost_nanos),
    sum(b.unpriced_calls), sum(b.failed_calls), sum(b.duration_ms)
  from coffee.trace_buckets b group by 1, 2, 3, 4, 5, 6
$$;

-- Prices the generations of the caller's projects by the list as it is now, where the reporter did not
-- say the cost. Returns how many changed.
create function coffee.reprice_generations(p_project uuid default null, p_since timestamptz default '-infinity')
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_projects uuid[] := array(
    select p from unnest(priv.my_projects()) p where p_project is null or p = p_project order by p);
  v_count bigint;
begin
  if p_project is not null and cardinality(v_projects) = 0 then
    perform priv.must_project(p_project);
  end if;
  perform priv.lock_traces(p) from unnest(v_projects) p;
  with priced as (
    select g.project_id, g.id, c.nanos, case when c.nanos is not null then p.version end as version
    from coffee.generations g
    left join lateral priv.price_row(g.model_name, g.at,
      g.input_tokens + g.cache_read_tokens + g.cache_write_5m_tokens + g.cache_write_1h_tokens) p on true
    cross join lateral (select priv.cost_nanos(p, g.input_tokens, g.output_tokens, g.cache_read_tokens,
      g.cache_write_5m_tokens, g.cache_write_1h_tokens, g.fast) as nanos) c
    where g.project_id = any (v_projects) and g.at >= p_since
      and (g.pricing_version is not null or g.unpriced)
  )
  update coffee.generations g set cost_nanos = p.nanos, pricing_version = p.version
  from priced p
  where g.project_id = p.project_id and g.id = p.id
    and (g.cost_nanos, g.pricing_version) is distinct from (p.nanos, p.version);
  get diagnostics v_count = row_count;
  perform audit.record('traces.reprice', jsonb_build_object('project', p_project, 'calls', v_count));
  return v_count;
end
$$;
grant execute on function coffee.reprice_generations(uuid, timestamptz) to coffee_user;
