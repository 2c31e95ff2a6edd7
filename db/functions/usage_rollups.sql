-- Sums of the ledger, kept exact in the transaction that changes it. No row of theirs is shared by two
-- people, so imports of different people do not wait for each other.

-- What changed, summed once over quarter-hours; the days are summed from those, which lie in one day of
-- every zone.
create function priv.roll_up_usage() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_sums coffee.usage_buckets[];
begin
  -- An upsert that only adds fires the trigger of changes too. Two conditions: a deletion has no new rows.
  if tg_op = 'UPDATE' then
    if not exists (select from new_rows) then
      return null;
    end if;
  end if;
  -- Whoever adds a zone reads all records and waits for us, or we see the zone.
  perform pg_advisory_xact_lock_shared(73, 0);
  -- The rows of a statement have other names in each trigger.
  execute format($sums$
    select array_agg(row(q.person_id, q.bucket, q.machine_id, q.model, md5(q.folder)::uuid, q.folder, q.calls,
      q.input, q.output, q.read, q.write_5m, q.write_1h, q.cost, q.unpriced)::coffee.usage_buckets)
    from (
      select c.person_id, priv.quarter_hour(c.at) as bucket, c.machine_id,
        coalesce(c.model, '') as model, coalesce(c.folder, '') as folder, sum(c.sign) as calls,
        sum(c.sign * c.input_tokens) as input, sum(c.sign * c.output_tokens) as output,
        sum(c.sign * c.cache_read_tokens) as read, sum(c.sign * c.cache_write_5m_tokens) as write_5m,
        sum(c.sign * c.cache_write_1h_tokens) as write_1h, coalesce(sum(c.sign * c.cost_nanos), 0) as cost,
        sum(case when c.cost_nanos is null then c.sign else 0 end) as unpriced
      from (%s) c group by 1, 2, 3, 4, 5) q
    where (q.calls, q.input, q.output, q.read, q.write_5m, q.write_1h, q.cost, q.unpriced)
      <> (0, 0, 0, 0, 0, 0, 0, 0)$sums$,
    case tg_op
      when 'INSERT' then 'select 1 as sign, n.* from new_rows n'
      when 'DELETE' then 'select -1 as sign, o.* from old_rows o'
      else 'select 1 as sign, n.* from new_rows n union all select -1, o.* from old_rows o' end)
  into v_sums;
  if v_sums is null then
    return null;
  end if;
  perform priv.add_usage_sums(v_sums);
  if tg_op <> 'INSERT' then
    delete from coffee.usage_buckets b using unnest(v_sums) s
    where (b.person_id, b.bucket, b.machine_id, b.model, b.folder_key)
      = (s.person_id, s.bucket, s.machine_id, s.model, s.folder_key) and b.calls = 0;
    delete from coffee.usage_days d using unnest(v_sums) s, coffee.reporting_zones z
    where (d.person_id, d.zone, d.day, d.machine_id, d.model)
      = (s.person_id, z.zone, (s.bucket at time zone z.zone)::date, s.machine_id, s.model) and d.calls = 0;
  end if;
  return null;
end
$$;

create function priv.add_usage_sums(p_sums coffee.usage_buckets[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into coffee.usage_buckets as b
  select * from unnest(p_sums) s order by s.person_id, s.bucket, s.machine_id, s.model, s.folder_key
  on conflict (person_id, bucket, machine_id, model, folder_key) do update set
    calls = b.calls + excluded.calls, input_tokens = b.input_tokens + excluded.input_tokens,
    output_tokens = b.output_tokens + excluded.output_tokens,
    cache_read_tokens = b.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_5m_tokens = b.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = b.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    cost_nanos = b.cost_nanos + excluded.cost_nanos,
    unpriced_calls = b.unpriced_calls + excluded.unpriced_calls;
  insert into coffee.usage_days as d
  select s.person_id, z.zone, (s.bucket at time zone z.zone)::date, s.machine_id, s.model,
    sum(s.calls), sum(s.input_tokens), sum(s.output_tokens), sum(s.cache_read_tokens),
    sum(s.cache_write_5m_tokens), sum(s.cache_write_1h_tokens), sum(s.cost_nanos), sum(s.unpriced_calls)
  from unnest(p_sums) s cross join coffee.reporting_zones z group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (person_id, zone, day, machine_id, model) do update set
    calls = d.calls + excluded.calls, input_tokens = d.input_tokens + excluded.input_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens,
    cache_read_tokens = d.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_5m_tokens = d.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = d.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    cost_nanos = d.cost_nanos + excluded.cost_nanos,
    unpriced_calls = d.unpriced_calls + excluded.unpriced_calls;
$$;
grant execute on function priv.roll_up_usage() to coffee_owner; -- creates the triggers

-- Sums of local days are kept for this zone from now on, and made for what is there. False: they were
-- kept already.
create function coffee.add_reporting_zone(p_zone text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
  v_zone text;
begin
  select z.name into v_zone from pg_catalog.pg_timezone_names z
  where lower(z.name) = lower(p_zone) and z.name !~ '^(posix|right)/';
  if v_zone is null then
    perform priv.fail('CR002', format('%s is no time zone', quote_literal(left(p_zone, 60))),
      'Name one as in Europe/Berlin.');
  end if;
  perform pg_advisory_xact_lock(73, 0);
  insert into coffee.reporting_zones (zone) values (v_zone) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into coffee.usage_days
  select b.person_id, v_zone, (b.bucket at time zone v_zone)::date, b.machine_id, b.model,
    sum(b.calls), sum(b.input_tokens), sum(b.output_tokens), sum(b.cache_read_tokens),
    sum(b.cache_write_5m_tokens), sum(b.cache_write_1h_tokens), sum(b.cost_nanos), sum(b.unpriced_calls)
  from coffee.usage_buckets b group by 1, 2, 3, 4, 5;
  perform priv.fill_trace_days(v_zone);
  perform audit.record('zone.add', jsonb_build_object('zone', v_zone));
  return true;
end
$$;
grant execute on function coffee.add_reporting_zone(text) to coffee_admin;
