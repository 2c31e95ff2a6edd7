-- Working time out of older systems, in the transaction of a move: what they said that events and sessions
-- belong to. What the person has said here since stays.

-- Says it of those keys of which nothing is said yet, as coffee.assign_to_stream does. The stream is the one
-- of that name that was made by hand on that machine, or what it is part of now; it is made, with its tags,
-- when it is needed. Returns of how many it was said.
create function coffee.move_assignments(p_machine uuid, p_name text, p_tags text[], p_subject text, p_keys text[])
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- What a transaction has brought has no statistics: whatever is found one by one is found by going through
-- all of it each time.
set enable_nestloop = off set plan_cache_mode = force_custom_plan as $$
declare
  v_me uuid := priv.must_be('person');
  v_keys text[];
  v_stream integer;
  v_tag text;
begin
  perform priv.open_move(v_me);
  if cardinality(p_keys) > 5000 or cardinality(p_tags) > 100 then
    perform priv.fail('CR002', 'a call moves at most 5,000 keys and 100 tags');
  end if;
  v_keys := array(
    select k.key from unnest(p_keys) k (key)
    left join coffee.agent_sessions s on p_subject = 'session'
      and s.person_id = v_me and s.machine_id = p_machine and s.session_id = k.key
    -- Of a session's part it is said of the whole.
    where not exists (select from coffee.stream_assignments a
      where a.person_id = v_me and a.machine_id = p_machine and a.subject = p_subject
        and a.key_hash = md5(coalesce(s.top_session_id, k.key))::uuid));
  if v_keys = '{}' then
    return 0;
  end if;
  select coalesce(s.merged_into, s.id) into v_stream from coffee.streams s
  where s.person_id = v_me and s.machine_id = p_machine and s.place is null and s.name = priv.clean_name(p_name)
  order by s.id limit 1;
  if v_stream is null then
    v_stream := coffee.create_stream(p_machine, p_name);
    foreach v_tag in array p_tags loop
      perform coffee.tag_stream(v_stream, v_tag);
    end loop;
  end if;
  return coffee.assign_to_stream(v_stream, p_subject, v_keys);
end
$$;

-- Before a batch is taken back: what was computed for streams that go with it goes.
create function priv.leave_streams(p_person uuid, p_batch integer) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from coffee.time_intervals i
  where i.person_id = p_person and i.stream_id in (
    select (c.row_key ->> 1)::integer from coffee.move_changes c
    where c.person_id = p_person and c.batch_id = p_batch and c.relation = 'coffee.streams' and c.before is null)
$$;

-- After it: all working time is computed anew when it is asked for.
create function priv.stale_time(p_person uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update coffee.time_days d set version = d.version + 1, has_events = exists (
    select from coffee.activity_events e
    where e.person_id = p_person
      -- What is longest, a log, has a day at most.
      and e.effective_at >= (d.day - 1)::timestamp at time zone 'UTC'
      and e.effective_at < (d.day + 1)::timestamp at time zone 'UTC'
      and priv.last_day(e) >= d.day)
  where d.person_id = p_person
$$;

grant execute on function coffee.move_assignments(uuid, text, text[], text, text[]) to coffee_user;
