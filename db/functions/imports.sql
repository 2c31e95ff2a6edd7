-- The one import, whatever road the records came by. It takes what libs/shared/src/records has parsed
-- and trusts none of it: everything is looked at again, and what is wrong is refused by itself, with its
-- reason, while the rest goes on.

-- One import of a person at a time. Others would only wait for its rows, and two that hold rows of each
-- other would wait for ever. An erasure takes the same lock: what waited for it brings nothing any more.
create function priv.lock_imports(p_person uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform priv.must_read_committed();
  perform pg_advisory_xact_lock(72, hashtext(p_person::text));
  if priv.is_erased(p_person) then
    raise insufficient_privilege using message = 'whose records these are was erased';
  end if;
end
$$;

-- Null: a time that a record may name.
create function priv.wrong_time(p_at timestamptz) returns boolean
language sql stable parallel safe
return p_at is null or p_at < '2020-01-01 00:00Z'::timestamptz or p_at > now() + interval '1 day';

-- p_refused: [{reason, id}]; the first twenty are kept for their person to see.
create function priv.note_problems(p_person uuid, p_machine uuid, p_kind text, p_found jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into coffee.import_problems as p (person_id, machine_id, kind, reason, record_id)
  select distinct on (f.reason, f.id) p_person, p_machine, p_kind, f.reason, f.id
  from (
    select left(e ->> 'reason', 40) as reason, left(coalesce(e ->> 'id', ''), 600) as id
    from jsonb_array_elements(p_found) e limit 20) f
  on conflict (person_id, machine_id, kind, reason, record_id)
  do update set times = p.times + 1, last_at = now()
$$;

create function priv.refusals(p_found jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_object_agg(r.reason, r.n), '{}')
  from (select e ->> 'reason' as reason, count(*) as n from jsonb_array_elements(p_found) e group by 1) r
$$;

-- Records of other types than usage. Where one has a field of a wrong type none of them can be read at
-- once: only then each is looked at by itself, and those are refused.
create function priv.import_others(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_text text := p_records::text;
  v_escaped boolean := strpos(v_text, '\u') > 0; -- a type may be written so
  v_counts jsonb;
  v_sound json;
  v_unread jsonb;
begin
  v_counts := priv.import_activity(p_person, p_machine, p_records);
  -- Each reads all records: only where one of its own may be.
  if v_escaped or strpos(v_text, '"phrases"') > 0 then
    v_counts := priv.add_counts(v_counts, priv.import_phrases(p_person, p_machine, p_records));
  end if;
  if v_escaped or strpos(v_text, '"message_text"') > 0 then
    v_counts := priv.add_counts(v_counts, priv.import_texts(p_person, p_machine, p_records));
  end if;
  return v_counts;
exception when data_exception then
  select json_agg(e.record order by e.nth) filter (where e.sound),
    jsonb_agg(jsonb_build_object('reason', 'shape', 'id', '')) filter (where not e.sound)
  into v_sound, v_unread
  from (
    select r.record, r.nth, priv.reads(r.record) as sound
    from json_array_elements(p_records) with ordinality r (record, nth)) e;
  if v_unread is null then
    raise;
  end if;
  perform priv.note_problems(p_person, p_machine, 'refused', v_unread);
  return priv.add_counts(
    jsonb_build_object('inserted', 0, 'revised', 0, 'duplicate', 0, 'conflicts', 0,
      'refused', jsonb_array_length(v_unread), 'reasons', priv.refusals(v_unread)),
    priv.import_others(p_person, p_machine, coalesce(v_sound, '[]')));
end
$$;

create function priv.reads(p_record json) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  perform from json_populate_record(null::coffee.activity_events, p_record);
  perform from json_to_record(p_record) r (type text, id text, at timestamptz, message_id text, line_uuid text, patterns text[]);
  return true;
exception when data_exception then
  return false;
end
$$;

-- p_token: null for a person or daemon that reports with a login of its own; else a machine's token, and
-- the login is the collector's. p_about: {label, program_version, road, cursor}; the cursor moves with the
-- rows or not at all. The arrays are the columns of usage records, one element a record; p_others are the
-- records of other types as they stand in the spool, at most 5,000 records in all.
-- Returns {inserted, revised, duplicate, refused, conflicts, reasons: {reason: n}}: the first four add up to
-- what was handed in.
create function coffee.import_records(
  p_token text, p_machine uuid, p_about jsonb,
  p_at timestamptz[] default '{}', p_message_id text[] default '{}', p_request_id text[] default '{}',
  p_line_uuid text[] default '{}', p_session_id text[] default '{}', p_agent_id text[] default '{}',
  p_is_sidechain boolean[] default '{}', p_model text[] default '{}', p_speed text[] default '{}',
  p_input bigint[] default '{}', p_output bigint[] default '{}', p_cache_read bigint[] default '{}',
  p_cache_write_5m bigint[] default '{}', p_cache_write_1h bigint[] default '{}',
  p_logged_cost numeric[] default '{}', p_folder text[] default '{}', p_git_branch text[] default '{}',
  p_version text[] default '{}', p_others json default '[]')
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_person uuid := priv.reporter(p_token, p_machine, p_about ->> 'label');
  v_others integer := json_array_length(p_others);
  v_last timestamptz;
  v_counts jsonb := '{"inserted": 0, "revised": 0, "duplicate": 0, "refused": 0, "conflicts": 0, "reasons": {}}';
begin
  if cardinality(p_at) + v_others > 5000 or octet_length(p_others::text) > 33554432 then
    perform priv.fail('CR002', 'a batch holds at most 5,000 records', 'Hand them in in several.');
  end if;
  perform priv.lock_imports(v_person);
  if cardinality(p_at) > 0 then
    v_counts := priv.add_counts(v_counts, priv.import_usage(v_person, p_machine, p_at, p_message_id,
      p_request_id, p_line_uuid, p_session_id, p_agent_id, p_is_sidechain, p_model, p_speed, p_input,
      p_output, p_cache_read, p_cache_write_5m, p_cache_write_1h, p_logged_cost, p_folder, p_git_branch,
      p_version));
  end if;
  if v_others > 0 then
    v_counts := priv.add_counts(v_counts, priv.import_others(v_person, p_machine, p_others));
  end if;
  if p_about ->> 'cursor' is not null then
    insert into coffee.machine_cursors as c (person_id, machine_id, road, cursor)
    values (v_person, p_machine, p_about ->> 'road', p_about ->> 'cursor')
    on conflict (person_id, machine_id, road) do update set cursor = excluded.cursor, moved_at = now();
  end if;
  -- Once a day for each machine, what nobody has sent or revised for a week.
  select m.last_report_at into v_last from coffee.machines m where m.person_id = v_person and m.id = p_machine;
  if (v_last at time zone 'UTC')::date < (now() at time zone 'UTC')::date then
    perform priv.fold_phrases(v_person, 90, interval '7 days');
  end if;
  update coffee.machines m set last_report_at = now(), named_only = false,
    program_version = coalesce(left(priv.clean_label(p_about ->> 'program_version'), 64), m.program_version),
    record_version = 1,
    last_record_at = greatest(m.last_record_at, (v_counts ->> 'latest')::timestamptz)
  where m.person_id = v_person and m.id = p_machine;
  return v_counts - 'latest';
end
$$;

create function priv.add_counts(p_all jsonb, p_more jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select p_all || jsonb_build_object(
    'inserted', (p_all ->> 'inserted')::bigint + (p_more ->> 'inserted')::bigint,
    'revised', (p_all ->> 'revised')::bigint + (p_more ->> 'revised')::bigint,
    'duplicate', (p_all ->> 'duplicate')::bigint + (p_more ->> 'duplicate')::bigint,
    'refused', (p_all ->> 'refused')::bigint + (p_more ->> 'refused')::bigint,
    'conflicts', (p_all ->> 'conflicts')::bigint + (p_more ->> 'conflicts')::bigint,
    'latest', greatest((p_all ->> 'latest')::timestamptz, (p_more ->> 'latest')::timestamptz),
    'reasons', coalesce((
      select jsonb_object_agg(r.key, r.n) from (
        select e.key, sum(e.value::bigint) as n
        from (select * from jsonb_each_text(p_all -> 'reasons')
          union all select * from jsonb_each_text(p_more -> 'reasons')) e
        group by e.key) r), '{}'))
$$;

grant execute on function coffee.import_records(text, uuid, jsonb, timestamptz[], text[], text[], text[],
  text[], text[], boolean[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], numeric[],
  text[], text[], text[], json) to coffee_user, coffee_daemon, coffee_collector;
