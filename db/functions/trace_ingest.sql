-- Taking in traces: daemons their own, programs with a project key. Both come down to one merge.

-- Batches of one project follow each other: nothing deadlocks, and what a merge reads is what it changes. Whoever
-- changes or deletes rows that were reported takes it first.
create function priv.lock_traces(p_project uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(7201, hashtext(p_project::text));
end
$$;

create function priv.ingest_events(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_batch jsonb, p_only uuid default null)
returns table (event_position integer, event_id text, status text, reason text)
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- Up to 17 a join that is switched off counts as so dear that each plan of these few rows is compiled.
set jit = off as $$
declare
  v_events priv.trace_event[];
  v_taken record;
begin
  if coalesce(jsonb_typeof(p_batch), '') <> 'array' then
    perform priv.fail('CR002', 'a batch is an array of events');
  end if;
  if jsonb_array_length(p_batch) > 10000 then
    perform priv.fail('CR002', 'a batch has at most 10,000 events', 'Send it in parts.');
  end if;
  -- Before the lock: while one batch is stored, the next is read.
  v_events := priv.read_trace_events(p_batch);
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
  select * into v_taken from priv.take_trace_events(p_project, p_attempt, p_only, v_events);
  perform priv.write_trace_rows(p_project, p_daemon, p_attempt, p_item, v_events,
    v_taken.known, v_taken.known_targets, v_taken.fresh, v_taken.fresh_targets);
  perform priv.forget_old_events();
  return query
  select e.position, e.event_id, e.status, e.reason
  from unnest(v_events, v_taken.status, v_taken.reasons) e (position, event_id, event, target, kind, id, stamp,
    seen_at, body, problem, said_at, started_at, ended_at, completion_started_at, status, reason)
  order by e.position;
end
$$;

-- Now and then, a few: so that nobody waits for it and the table stays a week long. Without a look at all ids,
-- which a plan of when there were few would take.
create function priv.forget_old_events() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  delete from coffee.trace_event_ids t
  where t.ctid = any (array(
    select o.ctid from coffee.trace_event_ids o
    where random() < 0.05 and o.received_at < now() - interval '7 days'
    order by o.received_at limit 5000 for update skip locked));
end
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
