-- Streams, their tags, and what a person says belongs to them. Each person's own: whoever asks, asks
-- about their own, and another's stream is not there. A machine is a boundary: no stream is on two.

create function priv.my_stream(p_me uuid, p_stream integer) returns coffee.streams
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_stream coffee.streams;
begin
  select * into v_stream from coffee.streams s where s.person_id = p_me and s.id = p_stream;
  if v_stream.id is null then
    perform priv.fail('CR004', format('you have no stream %s', p_stream),
      'List them: coffee-roadmap streams list.');
  end if;
  if v_stream.merged_into is not null then
    perform priv.fail('CR001', format('stream %s is part of stream %s now', p_stream, v_stream.merged_into));
  end if;
  return v_stream;
end
$$;

create function priv.must_own_machine(p_me uuid, p_machine uuid) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from coffee.machines m where m.person_id = p_me and m.id = p_machine) then
    perform priv.fail('CR004', 'you have no such machine', 'A machine is known once it has reported: coffee-roadmap push.');
  end if;
end
$$;

create function priv.clean_name(p_name text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select left(btrim(regexp_replace(coalesce(p_name, ''), priv.unprintable(), ' ', 'g')), 200)
$$;

-- Streams of places that have none yet. Returns {place: stream} of all that were named.
create function coffee.find_streams(p_machine uuid, p_places text[], p_names text[])
returns table (place text, id integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  if cardinality(p_places) > 5000 or cardinality(p_places) <> cardinality(p_names) then
    perform priv.fail('CR002', 'a call names at most 5,000 places, each with its name');
  end if;
  perform priv.lock_imports(v_me);
  perform priv.must_own_machine(v_me, p_machine);
  insert into coffee.streams (person_id, id, machine_id, place, place_key, name)
  select v_me, coalesce((select max(s.id) from coffee.streams s where s.person_id = v_me), 0)
      + row_number() over (order by g.n), p_machine, g.place, md5(g.place)::uuid,
    coalesce(nullif(priv.clean_name(g.name), ''), 'unnamed')
  from (
    select u.place, min(u.name) as name, min(u.n) as n
    from unnest(p_places, p_names) with ordinality u (place, name, n)
    where not exists (select from coffee.streams s
      where s.person_id = v_me and s.machine_id = p_machine and s.place_key = md5(u.place)::uuid)
    group by u.place) g;
  return query
    select s.place, s.id from coffee.streams s
    where s.person_id = v_me and s.machine_id = p_machine and s.place = any (p_places);
end
$$;

create function coffee.create_stream(p_machine uuid, p_name text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_id integer;
begin
  if priv.clean_name(p_name) = '' then
    perform priv.fail('CR002', 'a stream needs a name');
  end if;
  perform priv.lock_imports(v_me);
  perform priv.must_own_machine(v_me, p_machine);
  select coalesce(max(s.id), 0) + 1 into v_id from coffee.streams s where s.person_id = v_me;
  insert into coffee.streams (person_id, id, machine_id, name)
  values (v_me, v_id, p_machine, priv.clean_name(p_name));
  return v_id;
end
$$;

create function coffee.rename_stream(p_stream integer, p_name text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  perform priv.lock_imports(v_me);
  perform priv.my_stream(v_me, p_stream);
  if priv.clean_name(p_name) = '' then
    perform priv.fail('CR002', 'a stream needs a name');
  end if;
  update coffee.streams s set name = priv.clean_name(p_name) where s.person_id = v_me and s.id = p_stream;
end
$$;

-- False: it had the tag.
create function coffee.tag_stream(p_stream integer, p_tag text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  perform priv.lock_imports(v_me);
  perform priv.my_stream(v_me, p_stream);
  if coalesce(p_tag, '') !~ '^[^\u0001-\u0020\u007f-\u00a0\u2028-\u202e\u2066-\u2069]{1,64}$' then
    perform priv.fail('CR002', 'a tag is one word of up to 64 characters');
  end if;
  insert into coffee.stream_tags (person_id, stream_id, tag) values (v_me, p_stream, p_tag) on conflict do nothing;
  return found;
end
$$;

-- False: it had no such tag.
create function coffee.untag_stream(p_stream integer, p_tag text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  perform priv.lock_imports(v_me);
  perform priv.my_stream(v_me, p_stream);
  delete from coffee.stream_tags t where t.person_id = v_me and t.stream_id = p_stream and t.tag = p_tag;
  return found;
end
$$;

-- All of one becomes part of the other, with its tags, now and whenever more of it comes.
create function coffee.merge_streams(p_stream integer, p_into integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_from coffee.streams;
  v_into coffee.streams;
begin
  perform priv.lock_imports(v_me);
  v_from := priv.my_stream(v_me, p_stream);
  v_into := priv.my_stream(v_me, p_into);
  if v_from.id = v_into.id then
    perform priv.fail('CR002', 'a stream is not merged into itself');
  end if;
  if v_from.machine_id <> v_into.machine_id then
    perform priv.fail('CR002', 'they are on two machines', 'Give both one tag: coffee-roadmap tag STREAM TAG.');
  end if;
  update coffee.stream_assignments a set stream_id = p_into where a.person_id = v_me and a.stream_id = p_stream;
  if v_from.place is not null then
    insert into coffee.stream_assignments (person_id, machine_id, subject, key, key_hash, stream_id)
    values (v_me, v_from.machine_id, 'place', v_from.place, v_from.place_key, p_into)
    on conflict do nothing;
  end if;
  insert into coffee.stream_tags (person_id, stream_id, tag)
  select v_me, p_into, t.tag from coffee.stream_tags t where t.person_id = v_me and t.stream_id = p_stream
  on conflict do nothing;
  update coffee.streams s set merged_into = p_into
  where s.person_id = v_me and p_stream in (s.id, s.merged_into);
  perform priv.mark_dependents(v_me, array['t:' || p_stream]);
end
$$;

-- p_subject: event (keys are event keys), session (session ids) or place (repositories or folders), all of
-- the stream's machine. What was said of them before is replaced. Returns how many were there to say it of.
create function coffee.assign_to_stream(p_stream integer, p_subject text, p_keys text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_machine uuid;
  v_marks text[];
  v_days date[];
  v_count integer;
begin
  if p_subject is null or p_subject not in ('event', 'session', 'place') or cardinality(p_keys) > 5000 then
    perform priv.fail('CR002', 'what is assigned are at most 5,000 events, sessions or places');
  end if;
  perform priv.lock_imports(v_me);
  v_machine := (priv.my_stream(v_me, p_stream)).machine_id;
  with named as (
    select k.key, k.key as place, null::text as session_id, null::date as day
    from unnest(p_keys) k (key) where p_subject = 'place' and length(k.key) between 1 and 4096
    union all
    select s.session_id, priv.place_of(v_me, v_machine, t.place), s.session_id, null
    from unnest(p_keys) k (key)
    join coffee.agent_sessions g on g.person_id = v_me and g.machine_id = v_machine and g.session_id = k.key
    join coffee.agent_sessions s on s.person_id = v_me and s.machine_id = v_machine and s.session_id = g.top_session_id
    left join lateral (select a.place from coffee.agent_sessions a
      where a.person_id = v_me and a.machine_id = v_machine and a.top_session_id = s.session_id and a.place is not null
      order by a.place_at, a.place_event limit 1) t on true
    where p_subject = 'session'
    union all
    select e.event_key, priv.place_of(v_me, v_machine, coalesce(e.git_project, e.folder)),
      coalesce(s.top_session_id, e.session_id), w.first_day + n
    from coffee.activity_events e
    cross join lateral (select (e.effective_at at time zone 'UTC')::date as first_day,
      priv.last_day(e) as last_day) w
    cross join lateral generate_series(0, w.last_day - w.first_day) n
    left join coffee.agent_sessions s on s.person_id = v_me and s.machine_id = v_machine and s.session_id = e.session_id
    where p_subject = 'event' and e.person_id = v_me and e.machine_id = v_machine and e.event_key = any (p_keys)
  ), written as (
    insert into coffee.stream_assignments as a (person_id, machine_id, subject, key, key_hash, stream_id, session_id, place)
    select distinct on (n.key) v_me, v_machine, p_subject, n.key, md5(n.key)::uuid, p_stream, n.session_id, n.place
    from named n order by n.key
    on conflict (person_id, machine_id, subject, key_hash) do update set
      stream_id = excluded.stream_id, session_id = excluded.session_id, place = excluded.place, said_at = now()
    returning a.*
  )
  select array_agg(distinct concat_ws(':', 's', v_machine, w.session_id)) filter (where w.session_id is not null)
      || array_agg(distinct concat_ws(':', 'p', v_machine, md5(w.place))) filter (where w.place is not null),
    (select array_agg(distinct n.day) from named n where n.day is not null), count(*)
  into v_marks, v_days, v_count
  from written w;
  update coffee.time_days d set version = d.version + 1
  where d.person_id = v_me and (d.depends_on && v_marks or d.day = any (v_days));
  return v_count;
end
$$;

-- The repository that a folder is known to be in, else what was given.
create function priv.place_of(p_person uuid, p_machine uuid, p_place text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce((select f.git_project from coffee.work_folders f
    where f.person_id = p_person and f.machine_id = p_machine and f.folder_key = md5(p_place)::uuid), p_place)
$$;

grant execute on function coffee.find_streams(uuid, text[], text[]), coffee.create_stream(uuid, text),
  coffee.rename_stream(integer, text), coffee.tag_stream(integer, text), coffee.untag_stream(integer, text),
  coffee.merge_streams(integer, integer), coffee.assign_to_stream(integer, text, text[]) to coffee_user;
