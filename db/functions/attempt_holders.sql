-- An attempt that is taken over keeps what was paid for it before: its earlier holder may have died, or
-- have been cut off, with calls of the agent in its journal that the database has not seen.

-- The earlier holders with one more, each once, the newest first; the last hundred.
create function priv.with_holder(p_earlier uuid[], p_holder uuid, p_next uuid) returns uuid[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array(
    select d.id from unnest(p_holder || p_earlier) with ordinality d (id, nth)
    where d.id is distinct from p_next
    group by d.id order by min(d.nth) limit 100)
$$;

-- As coffee.ingest_traces, for a daemon that held the attempt once: the rows are those of its own calls,
-- and of others that hold it now or held it, it changes none.
create function coffee.ingest_left_traces(p_attempt bigint, p_batch jsonb)
returns table (event_position integer, event_id text, status text, reason text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_attempt coffee.attempts;
begin
  select * into v_attempt from coffee.attempts a
  where a.id = p_attempt and (a.daemon_id = v_me or v_me = any (a.earlier_daemon_ids));
  if v_attempt.id is null then
    perform priv.fail('CR004', 'there is no such attempt of yours');
  end if;
  return query select * from priv.ingest_events(
    v_attempt.project_id, v_me, v_attempt.id, v_attempt.item_id, p_batch, nullif(v_me, v_attempt.daemon_id));
  perform priv.hint_progress(v_attempt.id);
end
$$;

grant execute on function coffee.ingest_left_traces(bigint, jsonb) to coffee_daemon;
