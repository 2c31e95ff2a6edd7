-- A person's days as their own program computed them. The database keeps what a day was computed from by
-- a version, and takes no result that was computed from another.

-- Until the transaction ends nothing of the caller is imported, assigned or recomputed by anybody else.
create function coffee.hold_time() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform priv.lock_imports(priv.must_be('person'));
end
$$;

-- p_days: [{day, version, has_events, before, after, cut_timers, depends_on, intervals}], or {day, version,
-- gone: true} for a day without events into which nothing reaches. version: the one that was read, 0 where
-- there was none. intervals: [{credited_by, starts_at, ends_at, stream_id, issue, machine_id, session_id}],
-- times in milliseconds since 1970, in their order. Returns how many days were saved: all, or none.
create function coffee.save_time_days(p_days jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_wrong date;
begin
  if jsonb_typeof(p_days) <> 'array' or jsonb_array_length(p_days) > 400 then
    perform priv.fail('CR002', 'a call saves at most 400 days');
  end if;
  perform priv.lock_imports(v_me);
  select g.day into v_wrong
  from jsonb_to_recordset(p_days) g (day date, version bigint)
  left join coffee.time_days d on d.person_id = v_me and d.day = g.day
  where g.day is null or coalesce(d.version, 0) is distinct from g.version
  limit 1;
  if found then
    perform priv.fail('CR001', format('what is known of %s is not what this was computed from', v_wrong),
      'Compute it again: coffee-roadmap recompute.');
  end if;
  if exists (
    select from jsonb_to_recordset(p_days) g (day date, intervals jsonb)
    cross join lateral jsonb_to_recordset(g.intervals) i (starts_at double precision, ends_at double precision)
    where to_timestamp(i.starts_at / 1000) < (g.day - 1)::timestamp at time zone 'UTC'
      or to_timestamp(i.ends_at / 1000) > (g.day + 1)::timestamp at time zone 'UTC') then
    perform priv.fail('CR002', 'an interval is kept with the day that it ends on');
  end if;
  delete from coffee.time_intervals i
  using jsonb_to_recordset(p_days) g (day date) where i.person_id = v_me and i.day = g.day;
  delete from coffee.time_days d
  using jsonb_to_recordset(p_days) g (day date, gone boolean)
  where d.person_id = v_me and d.day = g.day and g.gone;
  insert into coffee.time_days as d (person_id, day, has_events, version, computed_version, computed_at, before,
    after, cut_timers, depends_on)
  select v_me, g.day, g.has_events, greatest(g.version, 1), greatest(g.version, 1), now(), g.before, g.after,
    coalesce(g.cut_timers, '[]'), coalesce(g.depends_on, '{}')
  from jsonb_to_recordset(p_days) g (day date, version bigint, gone boolean, has_events boolean, before jsonb,
    after jsonb, cut_timers jsonb, depends_on text[])
  where g.gone is not true order by g.day
  on conflict (person_id, day) do update set has_events = excluded.has_events,
    computed_version = excluded.computed_version, computed_at = now(), before = excluded.before,
    after = excluded.after, cut_timers = excluded.cut_timers, depends_on = excluded.depends_on;
  insert into coffee.time_intervals (person_id, day, n, credited_by, starts_at, ends_at, stream_id, issue,
    machine_id, session_id)
  select v_me, g.day, i.n, i.i ->> 'credited_by', to_timestamp((i.i ->> 'starts_at')::float8 / 1000),
    to_timestamp((i.i ->> 'ends_at')::float8 / 1000), (i.i ->> 'stream_id')::integer, i.i ->> 'issue',
    (i.i ->> 'machine_id')::uuid, i.i ->> 'session_id'
  from jsonb_to_recordset(p_days) g (day date, gone boolean, intervals jsonb)
  cross join lateral jsonb_array_elements(g.intervals) with ordinality i (i, n)
  where g.gone is not true;
  return jsonb_array_length(p_days);
end
$$;

-- All of it is to be computed from nothing. Returns how many days.
create function coffee.forget_time() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_days integer;
begin
  perform priv.lock_imports(v_me);
  delete from coffee.time_days d where d.person_id = v_me and not d.has_events;
  update coffee.time_days d set version = d.version + 1, computed_version = null, before = null, after = null
  where d.person_id = v_me;
  get diagnostics v_days = row_count;
  return v_days;
end
$$;

grant execute on function coffee.hold_time(), coffee.save_time_days(jsonb), coffee.forget_time() to coffee_user;
