-- Sums of the ledger, kept exact in the transaction that changes it. No row of theirs is shared by two
-- people, so imports of different people do not wait for each other.

create function priv.add_usage_sums(p_rows coffee.usage_records[], p_sign integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.usage_buckets as b
  select r.person_id, date_bin('15 minutes', r.at, '2000-01-01 00:00Z'), r.machine_id,
    coalesce(r.model, ''), md5(coalesce(r.folder, ''))::uuid, min(coalesce(r.folder, '')),
    p_sign * count(*), p_sign * sum(r.input_tokens), p_sign * sum(r.output_tokens),
    p_sign * sum(r.cache_read_tokens), p_sign * sum(r.cache_write_5m_tokens),
    p_sign * sum(r.cache_write_1h_tokens), p_sign * coalesce(sum(r.cost_nanos), 0),
    p_sign * (count(*) - count(r.cost_nanos))
  from unnest(p_rows) r group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (person_id, bucket, machine_id, model, folder_key) do update set
    calls = b.calls + excluded.calls, input_tokens = b.input_tokens + excluded.input_tokens,
    output_tokens = b.output_tokens + excluded.output_tokens,
    cache_read_tokens = b.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_5m_tokens = b.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = b.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    cost_nanos = b.cost_nanos + excluded.cost_nanos,
    unpriced_calls = b.unpriced_calls + excluded.unpriced_calls;
  insert into coffee.usage_days as d
  select r.person_id, z.zone, (r.at at time zone z.zone)::date, r.machine_id, coalesce(r.model, ''),
    p_sign * count(*), p_sign * sum(r.input_tokens), p_sign * sum(r.output_tokens),
    p_sign * sum(r.cache_read_tokens), p_sign * sum(r.cache_write_5m_tokens),
    p_sign * sum(r.cache_write_1h_tokens), p_sign * coalesce(sum(r.cost_nanos), 0),
    p_sign * (count(*) - count(r.cost_nanos))
  from unnest(p_rows) r cross join coffee.reporting_zones z group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (person_id, zone, day, machine_id, model) do update set
    calls = d.calls + excluded.calls, input_tokens = d.input_tokens + excluded.input_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens,
    cache_read_tokens = d.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_5m_tokens = d.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = d.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    cost_nanos = d.cost_nanos + excluded.cost_nanos,
    unpriced_calls = d.unpriced_calls + excluded.unpriced_calls;
end
$$;

create function priv.roll_up_usage() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Whoever adds a zone reads all records and waits for us, or we see the zone.
  perform pg_advisory_xact_lock_shared(73, 0);
  if tg_op <> 'DELETE' then
    perform priv.add_usage_sums((select array_agg(row(r.*)::coffee.usage_records) from new_rows r), 1);
  end if;
  if tg_op <> 'INSERT' then
    perform priv.add_usage_sums((select array_agg(row(r.*)::coffee.usage_records) from old_rows r), -1);
    delete from coffee.usage_buckets b using old_rows r
    where b.person_id = r.person_id and b.bucket = date_bin('15 minutes', r.at, '2000-01-01 00:00Z')
      and b.machine_id = r.machine_id and b.calls = 0;
    delete from coffee.usage_days d using old_rows r, coffee.reporting_zones z
    where d.person_id = r.person_id and d.zone = z.zone and d.day = (r.at at time zone z.zone)::date
      and d.machine_id = r.machine_id and d.calls = 0;
  end if;
  return null;
end
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
