-- Taking in traces: daemons their own, programs with a project key. Both come down to one merge.

-- Batches of one project follow each other: nothing deadlocks, and what a merge reads is what it changes.
create function priv.lock_traces(p_project uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select pg_advisory_xact_lock(7201, hashtext(p_project::text))
$$;

-- The last word counts whole, by the same order as everywhere: the rank, then the larger content.
create function priv.merge_scores(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_events priv.trace_event[], p_status text[], p_again boolean[])
returns void
language sql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  with incoming as (
    select p_project as project_id, e.id, e.body ->> 'traceId' as trace_id,
      e.body ->> 'observationId' as observation_id, left(e.body ->> 'sessionId', 1000) as session_id,
      e.body ->> 'name' as name,
      coalesce(e.body ->> 'dataType', case jsonb_typeof(e.body -> 'value')
        when 'number' then 'NUMERIC' when 'boolean' then 'BOOLEAN' else 'CATEGORICAL' end) as data_type,
      case jsonb_typeof(e.body -> 'value') when 'number' then (e.body ->> 'value')::numeric
        when 'boolean' then (e.body -> 'value')::boolean::integer end as value,
      case jsonb_typeof(e.body -> 'value') when 'string' then e.body ->> 'value' end as string_value,
      e.body ->> 'comment' as comment, e.body ->> 'environment' as environment,
      priv.metadata_of(e.body) as metadata,
      coalesce(e.said_at, e.seen_at) as at, p_attempt as attempt_id, e.stamp
    from priv.accepted('scores', p_events, p_status, p_again) e
  )
  insert into coffee.scores as s (project_id, id, trace_id, observation_id, session_id, name, data_type,
    value, string_value, comment, environment, metadata, at, attempt_id, stamp, daemon_id)
  select distinct on (i.id) i.*, p_daemon from incoming i order by i.id, i.stamp desc, to_jsonb(i) desc
  on conflict (project_id, id) do update set trace_id = excluded.trace_id,
    observation_id = excluded.observation_id, session_id = excluded.session_id, name = excluded.name,
    data_type = excluded.data_type, value = excluded.value, string_value = excluded.string_value,
    comment = excluded.comment, environment = excluded.environment, metadata = excluded.metadata,
    at = excluded.at, stamp = excluded.stamp, updated_at = clock_timestamp()
  where excluded.stamp > s.stamp or (excluded.stamp = s.stamp and
    to_jsonb(excluded) - '{daemon_id,created_at,updated_at}'::text[]
      > to_jsonb(s) - '{daemon_id,created_at,updated_at}'::text[])
$$;

-- Notes the ids of events that have no problem, and says of each event, in the batch's order, what becomes
-- of it, whether its row is there already or others of the batch are about it, and why it is refused. A row
-- belongs to the attempt of ours that reported it, or to the holders of keys: neither changes what the other
-- wrote, however it came by an id. p_only: and to this daemon among those that held the attempt.
create function priv.take_trace_events(p_project uuid, p_attempt bigint, p_only uuid, p_events priv.trace_event[],
  out status text[], out again boolean[], out reasons text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- How many events an array has the planner does not know: small tables joined one by one may be large.
set enable_nestloop = off as $$
begin
  with looked as materialized (
    select e.position, e.event, e.problem, count(*) over (partition by e.target, e.id collate "C") > 1 as met, case
      when e.problem is not null then null
      when e.target = 'traces' then (select t.attempt_id is not distinct from p_attempt
        and (p_only is null or t.daemon_id is not distinct from p_only)
        from coffee.traces t where t.project_id = p_project and t.id = e.id)
      when e.target = 'generations' then (select t.attempt_id is not distinct from p_attempt
        and (p_only is null or t.daemon_id is not distinct from p_only)
        from coffee.generations t where t.project_id = p_project and t.id = e.id)
      when e.target = 'spans' then (select t.attempt_id is not distinct from p_attempt
        and (p_only is null or t.daemon_id is not distinct from p_only)
        from coffee.spans t where t.project_id = p_project and t.id = e.id)
      when e.target = 'events' then (select t.attempt_id is not distinct from p_attempt
        and (p_only is null or t.daemon_id is not distinct from p_only)
        from coffee.events t where t.project_id = p_project and t.id = e.id)
      when e.target = 'scores' then (select t.attempt_id is not distinct from p_attempt
        and (p_only is null or t.daemon_id is not distinct from p_only)
        from coffee.scores t where t.project_id = p_project and t.id = e.id) end as own
    from unnest(p_events) e
  ), first as (
    select distinct on (l.event) l.event, l.position from looked l
    where l.problem is null and l.own is not false order by l.event, l.position
  ), noted as (
    insert into coffee.trace_event_ids as t (project_id, event)
    select p_project, f.event from first f
    on conflict (project_id, event) do nothing returning t.event
  )
  select array_agg(case
      when l.problem is not null or not l.own then 'refused'
      when n.event is null then 'duplicate'
      else 'accepted' end order by l.position),
    array_agg(l.met or l.own is not null order by l.position),
    array_agg(coalesce(l.problem, case when not l.own then 'its id belongs to somebody else' end) order by l.position)
  into status, again, reasons
  from looked l
  left join first f on f.event = l.event and f.position = l.position
  left join noted n on n.event = f.event;
end
$$;

-- What counts of a batch for one kind of row. Written into the query that asks.
create function priv.accepted(p_target text, p_events priv.trace_event[], p_status text[], p_again boolean[])
returns table (id text, kind text, stamp bigint, seen_at timestamptz, body jsonb, said_at timestamptz,
  started_at timestamptz, ended_at timestamptz, completion_started_at timestamptz, again boolean)
language sql immutable parallel safe
begin atomic
  select e.id, e.kind, e.stamp, e.seen_at, e.body, e.said_at, e.started_at, e.ended_at, e.completion_started_at,
    e.again
  from unnest(p_events, p_status, p_again) e (position, event_id, event, target, kind, id, stamp, seen_at, body,
    problem, said_at, started_at, ended_at, completion_started_at, status, again)
  where e.target = p_target and e.status = 'accepted';
end;

create function priv.ingest_events(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_batch jsonb, p_only uuid default null)
returns table (event_position integer, event_id text, status text, reason text)
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- Up to 17 a join that is switched off counts as so dear that each plan of these few rows is compiled.
set jit = off as $$
declare
  v_events priv.trace_event[];
  v_status text[];
  v_again boolean[];
  v_reasons text[];
  v_targets text[];
begin
  if coalesce(jsonb_typeof(p_batch), '') <> 'array' then
    perform priv.fail('CR002', 'a batch is an array of events');
  end if;
  if jsonb_array_length(p_batch) > 10000 then
    perform priv.fail('CR002', 'a batch has at most 10,000 events', 'Send it in parts.');
  end if;
  perform priv.lock_traces(p_project);
  -- For all rows of the batch. The attempt keeps its item; the daemon is the caller, whom functions mark as
  -- removed and never delete.
  perform from coffee.projects p where p.id = p_project for key share;
  if not found then
    raise foreign_key_violation using message = 'there is no such project';
  end if;
  perform from coffee.attempts a where a.id = p_attempt and a.project_id = p_project for key share;
  if p_attempt is not null and not found then
    raise foreign_key_violation using message = 'there is no such attempt';
  end if;
  v_events := priv.read_trace_events(p_batch);
  select t.status, t.again, t.reasons into v_status, v_again, v_reasons
  from priv.take_trace_events(p_project, p_attempt, p_only, v_events) t;
  v_targets := array(select distinct e.target from unnest(v_events) e);
  if 'traces' = any (v_targets) then
    perform priv.merge_traces(p_project, p_daemon, p_attempt, p_item, v_events, v_status, v_again);
  end if;
  if 'spans' = any (v_targets) then
    perform priv.merge_spans(p_project, p_daemon, p_attempt, v_events, v_status, v_again);
  end if;
  if 'generations' = any (v_targets) then
    perform priv.merge_generations(p_project, p_daemon, p_attempt, p_item, v_events, v_status, v_again);
  end if;
  if 'events' = any (v_targets) then
    perform priv.merge_events(p_project, p_daemon, p_attempt, v_events, v_status, v_again);
  end if;
  if 'scores' = any (v_targets) then
    perform priv.merge_scores(p_project, p_daemon, p_attempt, v_events, v_status, v_again);
  end if;
  perform priv.forget_old_events();
  return query
  select e.position, e.event_id, e.status, e.reason
  from unnest(v_events, v_status, v_reasons) e (position, event_id, event, target, kind, id, stamp, seen_at, body,
    problem, said_at, started_at, ended_at, completion_started_at, status, reason)
  order by e.position;
end
$$;

-- Now and then, a few: so that nobody waits for it and the table stays a week long.
create function priv.forget_old_events() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from coffee.trace_event_ids t
  where (t.project_id, t.event) in (
    select o.project_id, o.event from coffee.trace_event_ids o
    where random() < 0.05 and o.received_at < now() - interval '7 days'
    order by o.received_at limit 5000 for update skip locked)
$$;

-- For a daemon's own attempts, also ended ones: what was under way still arrives. p_batch:
-- [{id, type, timestamp, body}]; one row back for each, in the batch's order: status is accepted,
-- duplicate (an event of that id was taken before) or refused, with the reason.
create function coffee.ingest_traces(p_attempt bigint, p_batch jsonb)
returns table (event_position integer, event_id text, status text, reason text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_attempt coffee.attempts;
begin
  select * into v_attempt from coffee.attempts a where a.id = p_attempt and a.daemon_id = v_me;
  if v_attempt.id is null then
    perform priv.fail('CR004', 'there is no such attempt of yours');
  end if;
  return query select * from priv.ingest_events(
    v_attempt.project_id, v_me, v_attempt.id, v_attempt.item_id, p_batch);
  perform priv.hint_progress(v_attempt.id);
end
$$;

-- The same with a project key, for the collector's login.
create function coffee.ingest_with_key(p_public_key text, p_secret_key text, p_batch jsonb)
returns table (event_position integer, event_id text, status text, reason text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
begin
  return query select * from priv.ingest_events(v_project, null, null, null, p_batch);
end
$$;

grant execute on function coffee.ingest_traces(bigint, jsonb) to coffee_daemon;
grant execute on function coffee.ingest_with_key(text, text, jsonb) to coffee_collector;
