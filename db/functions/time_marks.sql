-- What new events change of working time, in the transaction that brings them: their days are stale, and
-- so are those days that were computed from a session, a place or a folder of which more is known now.

create function priv.note_activity() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_old coffee.activity_events[] := '{}';
  v_sessions coffee.agent_sessions[];
  v_folders coffee.work_folders[];
  v_machine record;
begin
  -- An upsert that only adds fires the trigger of changes too.
  if not exists (select from new_rows) then
    return null;
  end if;
  -- Put together here, once: whole rows would be copied for each who looks at them.
  perform priv.mark_days(array_agg(w.person_id), array_agg(w.first_day), array_agg(w.last_day))
  from (
    select distinct r.person_id, (r.effective_at at time zone 'UTC')::date as first_day,
      priv.last_day(row(r.*)::coffee.activity_events) as last_day
    from new_rows r) w;
  v_sessions := array(
    select row(r.person_id, r.machine_id, r.session_id, min(r.source), max(r.session_type),
      max(r.parent_session_id), r.session_id,
      (array_agg(coalesce(r.git_project, r.folder) order by r.at, r.event_key) filter (where p.there))[1],
      min(r.at) filter (where p.there),
      (array_agg(r.event_key order by r.at, r.event_key) filter (where p.there))[1],
      min(r.at), max(r.at))::coffee.agent_sessions
    from new_rows r
    cross join lateral (select coalesce(r.git_project, r.folder) is not null as there) p
    where r.session_id is not null
    group by r.person_id, r.machine_id, r.session_id);
  v_folders := array(
    select distinct on (r.person_id, r.machine_id, r.folder) row(r.person_id, r.machine_id, r.folder,
      md5(r.folder)::uuid, r.git_project, r.at, r.event_key)::coffee.work_folders
    from new_rows r
    where r.folder is not null and r.git_project is not null
    order by r.person_id, r.machine_id, r.folder, r.at desc, r.event_key desc);
  if tg_op = 'UPDATE' then
    select array_agg(row(r.*)::coffee.activity_events) into v_old from old_rows r;
    perform priv.mark_days(array_agg(o.person_id), array_agg((o.effective_at at time zone 'UTC')::date),
      array_agg(priv.last_day(o))) from unnest(v_old) o;
  end if;
  for v_machine in select distinct r.person_id, r.machine_id from new_rows r loop
    perform priv.mark_dependents(v_machine.person_id,
      case when v_old <> '{}' then priv.retake_session_places(v_machine.person_id, v_machine.machine_id, v_old)
        || priv.retake_folders(v_machine.person_id, v_machine.machine_id, v_old) else '{}' end
      || priv.note_sessions(v_machine.person_id, v_machine.machine_id, v_sessions)
      || priv.note_folders(v_machine.person_id, v_machine.machine_id, v_folders));
  end loop;
  return null;
end
$$;
grant execute on function priv.note_activity() to coffee_owner; -- creates the triggers

-- The last UTC day into which an event reaches. In this form it is written into the query that asks.
create function priv.last_day(p_event coffee.activity_events) returns date
language sql immutable parallel safe
return ((p_event).effective_at at time zone 'UTC'
  + make_interval(secs => (coalesce((p_event).duration_ms, 1) - 1) / 1000.0))::date;

-- Element by element: whose days, from which to which.
create function priv.mark_days(p_person uuid[], p_first date[], p_last date[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into coffee.time_days as d (person_id, day, has_events)
  select distinct w.person_id, w.first_day + n, true
  from unnest(p_person, p_first, p_last) w (person_id, first_day, last_day)
  cross join lateral generate_series(0, w.last_day - w.first_day) n
  order by 1, 2
  on conflict (person_id, day) do update set version = d.version + 1, has_events = true
$$;

-- Days that were computed from one of these. Keys: s:machine:session, p:machine:MD5 of a place,
-- f:machine:MD5 of a folder, t:stream.
create function priv.mark_dependents(p_person uuid, p_keys text[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update coffee.time_days d set version = d.version + 1
  where p_keys <> '{}' and d.person_id = p_person and d.depends_on && p_keys
$$;

-- Returns the keys of sessions whose kind, place or position among others is another now. p_seen: what new
-- events say of each. How a session is looked up, and why so: usage_import.sql.
create function priv.note_sessions(p_person uuid, p_machine uuid, p_seen coffee.agent_sessions[])
returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_sort = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_changed text[];
  v_moved text[];
  v_tops text[];
begin
  with seen as materialized (
    select n.* from unnest(p_seen) n where n.person_id = p_person and n.machine_id = p_machine
  ), before as materialized (
    select b.* from seen n
    cross join lateral (
      select s.* from coffee.agent_sessions s
      where s.person_id = p_person and s.machine_id = p_machine
        and s.session_id >= n.session_id and s.session_id <= n.session_id
      order by s.session_id limit 1) b
  ), written as (
    insert into coffee.agent_sessions as s (person_id, machine_id, session_id, source, session_type,
      parent_session_id, top_session_id, place, place_at, place_event, first_at, last_at)
    select p_person, p_machine, n.session_id, n.source, n.session_type, n.parent_session_id, n.session_id,
      n.place, n.place_at, n.place_event, n.first_at, n.last_at
    from seen n order by n.session_id
    on conflict (person_id, machine_id, session_id) do update set
      source = least(s.source, excluded.source),
      session_type = greatest(s.session_type, excluded.session_type),
      parent_session_id = greatest(s.parent_session_id, excluded.parent_session_id),
      place = case when (excluded.place_at, excluded.place_event) <= (s.place_at, s.place_event) or s.place is null
        then excluded.place else s.place end,
      place_at = case when (excluded.place_at, excluded.place_event) <= (s.place_at, s.place_event) or s.place is null
        then excluded.place_at else s.place_at end,
      place_event = case when (excluded.place_at, excluded.place_event) <= (s.place_at, s.place_event) or s.place is null
        then excluded.place_event else s.place_event end,
      first_at = least(s.first_at, excluded.first_at), last_at = greatest(s.last_at, excluded.last_at)
    returning s.*
  )
  select coalesce(array_agg(w.session_id), '{}'), coalesce(array_agg(w.top_session_id), '{}')
  into v_changed, v_tops
  from written w left join before b using (session_id)
  where b.session_id is null or (w.session_type, w.parent_session_id, w.place)
    is distinct from (b.session_type, b.parent_session_id, b.place);

  -- A parent may come after its parts. A circle, which no program makes, is left as it is.
  v_moved := v_changed;
  for i in 1..20 loop
    exit when v_moved = '{}';
    with parts as (
      select s.* from unnest(v_moved) m (id)
      cross join lateral (
        select s.ctid as seat, s.session_id, s.parent_session_id, s.top_session_id from coffee.agent_sessions s
        where s.person_id = p_person and s.machine_id = p_machine and s.session_id >= m.id and s.session_id <= m.id
        order by s.session_id limit 1) s
      union
      select s.* from unnest(v_moved || v_tops) t (id)
      cross join lateral (
        select s.ctid as seat, s.session_id, s.parent_session_id, s.top_session_id from coffee.agent_sessions s
        where s.person_id = p_person and s.machine_id = p_machine
          and s.top_session_id >= t.id and s.top_session_id <= t.id
        order by s.top_session_id) s
    ), above as materialized (
      select s.seat, s.session_id, s.top_session_id as was, coalesce(p.top_session_id, s.parent_session_id) as top
      from parts s
      left join lateral (
        select a.top_session_id from coffee.agent_sessions a
        where a.person_id = p_person and a.machine_id = p_machine
          and a.session_id >= s.parent_session_id and a.session_id <= s.parent_session_id
        order by a.session_id limit 1) p on true
      where s.parent_session_id is not null
    ), moved as (
      update coffee.agent_sessions s set top_session_id = a.top from above a
      where s.ctid = a.seat and s.person_id = p_person and s.machine_id = p_machine
        and s.session_id = a.session_id and s.top_session_id <> a.top
      returning s.session_id, a.was, s.top_session_id as top
    )
    select coalesce(array_agg(m.session_id), '{}'), v_tops || coalesce(array_agg(m.was), '{}')
      || coalesce(array_agg(m.top), '{}')
    into v_moved, v_tops from moved m;
    v_changed := v_changed || v_moved;
  end loop;
  return array(select distinct concat_ws(':', 's', p_machine, c) from unnest(v_changed || v_tops) c);
end
$$;

-- Returns the keys of folders that are known to be in another repository now.
create function priv.note_folders(p_person uuid, p_machine uuid, p_seen coffee.work_folders[])
returns text[]
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with seen as (
    select n.* from unnest(p_seen) n where n.person_id = p_person and n.machine_id = p_machine
  ), before as materialized (
    select f.* from coffee.work_folders f
    where f.person_id = p_person and f.machine_id = p_machine
      and f.folder_key = any (array(select n.folder_key from seen n))
  ), written as (
    insert into coffee.work_folders as f (person_id, machine_id, folder, folder_key, git_project, seen_at, seen_event)
    select p_person, p_machine, n.folder, n.folder_key, n.git_project, n.seen_at, n.seen_event
    from seen n order by n.folder
    on conflict (person_id, machine_id, folder_key) do update set
      git_project = excluded.git_project, seen_at = excluded.seen_at, seen_event = excluded.seen_event
      where (excluded.seen_at, excluded.seen_event) >= (f.seen_at, f.seen_event)
    returning f.*
  )
  select coalesce(array_agg(concat_ws(':', 'f', p_machine, replace(w.folder_key::text, '-', ''))), '{}')
  from written w left join before b using (folder_key)
  where w.git_project is distinct from b.git_project
$$;
