-- Which events of a batch count, and who writes the rows that they are about.

-- Notes the ids of events that have no problem, and says of each event, in the batch's order, what becomes of
-- it and why it is refused. Of what is accepted, known: its row is there already or other events of the batch
-- are about it; fresh: neither; and of which kinds of rows these are. A row belongs to the attempt of ours that
-- reported it, or to the holders of keys: neither changes what the other wrote, however it came by an id.
-- p_only: and to this daemon among those that held the attempt.
--
-- A row is looked for as the first one that does not come before its id, and nothing may be sorted that an index
-- has in order: so the planner takes the primary key. With equality, a plan that was made while the table was
-- empty takes any index that begins with the project, and reads all its rows for each event.
create function priv.take_trace_events(p_project uuid, p_attempt bigint, p_only uuid, p_events priv.trace_event[],
  out status text[], out known boolean[], out fresh boolean[], out reasons text[],
  out known_targets text[], out fresh_targets text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- How many events an array has the planner does not know: small tables joined one by one may be large.
set enable_nestloop = off set enable_sort = off as $$
begin
  with looked as materialized (
    select e.position, e.event, e.target, e.problem,
      count(*) over (partition by e.target, e.id collate "C") > 1 as met, case
      when e.problem is not null then null
      when e.target = 'traces' then (
        select case when t.id = e.id then t.attempt_id is not distinct from p_attempt
          and (p_only is null or t.daemon_id is not distinct from p_only) end
        from coffee.traces t where t.project_id = p_project and t.id >= e.id order by t.id limit 1)
      when e.target = 'generations' then (
        select case when t.id = e.id then t.attempt_id is not distinct from p_attempt
          and (p_only is null or t.daemon_id is not distinct from p_only) end
        from coffee.generations t where t.project_id = p_project and t.id >= e.id order by t.id limit 1)
      when e.target = 'spans' then (
        select case when t.id = e.id then t.attempt_id is not distinct from p_attempt
          and (p_only is null or t.daemon_id is not distinct from p_only) end
        from coffee.spans t where t.project_id = p_project and t.id >= e.id order by t.id limit 1)
      when e.target = 'events' then (
        select case when t.id = e.id then t.attempt_id is not distinct from p_attempt
          and (p_only is null or t.daemon_id is not distinct from p_only) end
        from coffee.events t where t.project_id = p_project and t.id >= e.id order by t.id limit 1)
      when e.target = 'scores' then (
        select case when t.id = e.id then t.attempt_id is not distinct from p_attempt
          and (p_only is null or t.daemon_id is not distinct from p_only) end
        from coffee.scores t where t.project_id = p_project and t.id >= e.id order by t.id limit 1) end as own
    from unnest(p_events) e
  ), first as (
    select distinct on (l.event) l.event, l.position from looked l
    where l.problem is null and l.own is not false order by l.event, l.position
  ), noted as (
    insert into coffee.trace_event_ids as t (project_id, event)
    select p_project, f.event from first f
    on conflict (project_id, event) do nothing returning t.event
  ), told as (
    select l.position, l.target, l.problem, l.own, l.met or l.own is not null as known, case
      when l.problem is not null or not l.own then 'refused'
      when n.event is null then 'duplicate'
      else 'accepted' end as status
    from looked l
    left join first f on f.event = l.event and f.position = l.position
    left join noted n on n.event = f.event
  )
  select array_agg(t.status order by t.position),
    array_agg(t.status = 'accepted' and t.known order by t.position),
    array_agg(t.status = 'accepted' and not t.known order by t.position),
    array_agg(coalesce(t.problem, case when not t.own then 'its id belongs to somebody else' end) order by t.position),
    array_agg(distinct t.target) filter (where t.status = 'accepted' and t.known),
    array_agg(distinct t.target) filter (where t.status = 'accepted' and not t.known)
  into status, known, fresh, reasons, known_targets, fresh_targets
  from told t;
end
$$;

-- Writes what was taken, by kind of row. Calls of models last: sums that others wait for are short of the end.
create function priv.write_trace_rows(p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint,
  p_events priv.trace_event[], p_known boolean[], p_known_targets text[], p_fresh boolean[], p_fresh_targets text[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if 'traces' = any (p_known_targets) then
    perform priv.merge_traces(p_project, p_daemon, p_attempt, p_item, p_events, p_known);
  end if;
  if 'traces' = any (p_fresh_targets) then
    perform priv.add_traces(p_project, p_daemon, p_attempt, p_item, p_events, p_fresh);
  end if;
  if 'spans' = any (p_known_targets) then
    perform priv.merge_spans(p_project, p_daemon, p_attempt, p_events, p_known);
  end if;
  if 'spans' = any (p_fresh_targets) then
    perform priv.add_spans(p_project, p_daemon, p_attempt, p_events, p_fresh);
  end if;
  if 'events' = any (p_known_targets) then
    perform priv.merge_events(p_project, p_daemon, p_attempt, p_events, p_known);
  end if;
  if 'events' = any (p_fresh_targets) then
    perform priv.add_events(p_project, p_daemon, p_attempt, p_events, p_fresh);
  end if;
  if 'scores' = any (p_known_targets) then
    perform priv.merge_scores(p_project, p_daemon, p_attempt, p_events, p_known);
  end if;
  if 'scores' = any (p_fresh_targets) then
    perform priv.merge_scores(p_project, p_daemon, p_attempt, p_events, p_fresh);
  end if;
  if 'generations' = any (p_known_targets) then
    perform priv.merge_generations(p_project, p_daemon, p_attempt, p_item, p_events, p_known);
  end if;
  if 'generations' = any (p_fresh_targets) then
    perform priv.add_generations(p_project, p_daemon, p_attempt, p_item, p_events, p_fresh);
  end if;
end
$$;
