-- Places that were known by an event which says something else now: what is left says them anew, as if
-- the event had never said what it said. p_old: rows of one machine as they were before they were revised.

-- Returns the keys of sessions whose place is another now.
create function priv.retake_session_places(p_person uuid, p_machine uuid, p_old coffee.activity_events[])
returns text[]
language sql volatile security definer set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_sort = off set jit = off as $$
  with retaken as materialized (
    select distinct s.seat, s.session_id, s.place, s.place_at, s.place_event
    from unnest(p_old) o
    cross join lateral (
      select s.ctid as seat, s.* from coffee.agent_sessions s
      where s.person_id = p_person and s.machine_id = p_machine
        and s.session_id >= o.session_id and s.session_id <= o.session_id
      order by s.session_id limit 1) s
    where s.place_event = o.event_key
  ), left_over as materialized (
    select r.seat, r.session_id, r.place as was, f.place, f.at, f.event_key
    from retaken r
    left join lateral (
      select coalesce(e.git_project, e.folder) as place, e.at, e.event_key from coffee.activity_events e
      where e.person_id = p_person and e.machine_id = p_machine and e.session_id = r.session_id
        and coalesce(e.git_project, e.folder) is not null
      order by e.at, e.event_key limit 1) f on true
    where (r.place, r.place_at, r.place_event) is distinct from (f.place, f.at, f.event_key)
  ), written as (
    update coffee.agent_sessions s set place = l.place, place_at = l.at, place_event = l.event_key
    from left_over l
    where s.ctid = l.seat and s.person_id = p_person and s.machine_id = p_machine and s.session_id = l.session_id
    returning s.session_id, s.top_session_id, l.was is distinct from s.place as moved
  )
  select coalesce(array_agg(distinct concat_ws(':', 's', p_machine, k.id)), '{}')
  from written w cross join lateral (values (w.session_id), (w.top_session_id)) k (id)
  where w.moved
$$;

-- Returns the keys of folders whose repository is another now. One that nothing tells of any more keeps
-- its last.
create function priv.retake_folders(p_person uuid, p_machine uuid, p_old coffee.activity_events[])
returns text[]
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with retaken as materialized (
    select distinct f.folder_key, o.folder, f.git_project as was from coffee.work_folders f
    join unnest(p_old) o on md5(o.folder)::uuid = f.folder_key and o.event_key = f.seen_event
    where f.person_id = p_person and f.machine_id = p_machine
  ), written as (
    update coffee.work_folders f set git_project = e.git_project, seen_at = e.at, seen_event = e.event_key
    from retaken r
    cross join lateral (
      select e.git_project, e.at, e.event_key from coffee.activity_events e
      where e.person_id = p_person and e.machine_id = p_machine and e.folder = r.folder and e.git_project is not null
      order by e.at desc, e.event_key desc limit 1) e
    where f.person_id = p_person and f.machine_id = p_machine and f.folder_key = r.folder_key
    returning f.folder_key, r.was is distinct from f.git_project as moved
  )
  select coalesce(array_agg(concat_ws(':', 'f', p_machine, replace(w.folder_key::text, '-', ''))), '{}')
  from written w where w.moved
$$;
