-- Counts that older scripts upload, and the archive of old phrase records.

-- Which of the person's machines a script means: by id, label or earlier label; else one that is made,
-- known by that name alone.
create function priv.machine_by_name(p_person uuid, p_name text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_name text := coalesce(priv.clean_label(p_name), '');
  v_id uuid;
begin
  if v_name = '' then
    perform priv.fail('CR002', 'workstation_id is missing', 'It is the name of the machine that counted.');
  end if;
  perform priv.lock_imports(p_person); -- two uploads make one machine
  select m.id into v_id from coffee.machines m
  where m.person_id = p_person and (m.id::text = lower(v_name) or lower(m.label) = lower(v_name)
    or lower(v_name) in (select lower(a) from unnest(m.aliases) a))
  order by m.id::text = lower(v_name) desc, lower(m.label) = lower(v_name) desc, m.named_only, m.created_at, m.id
  limit 1;
  if v_id is null then
    if (select count(*) from coffee.machines m where m.person_id = p_person and m.named_only) >= 200 then
      perform priv.fail('CR002', 'too many machines are known by name alone',
        'Set WORKSTATION_ID to one name for each machine.');
    end if;
    v_id := gen_random_uuid();
    insert into coffee.machines (person_id, id, label, named_only) values (p_person, v_id, v_name, true);
  end if;
  return v_id;
end
$$;

-- Null: a day that may be counted for. `day` or `count` is what is wrong.
create function priv.wrong_day(p_day date, p_patterns jsonb, p_total bigint) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case
    when p_day is null or p_day < date '2020-01-01' or p_day > (now() at time zone 'UTC')::date + 1 then 'day'
    when coalesce(p_total, -1) not between 0 and 1000000000 or jsonb_typeof(p_patterns) is distinct from 'object'
      or (select count(*) from jsonb_object_keys(p_patterns)) > 100
      or exists (select from jsonb_each(p_patterns) e
        where e.key !~ '^[\x21-\x7e]{1,64}$' or jsonb_typeof(e.value) <> 'number'
          or (e.value)::numeric not between 0 and 1000000000 or (e.value)::numeric <> trunc((e.value)::numeric))
      then 'count'
  end
$$;

-- Puts these numbers in the place of the day's last ones, which are kept. Returns false when they are the same.
create function priv.put_day(p_person uuid, p_machine uuid, p_day date, p_patterns jsonb, p_total bigint)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_last coffee.day_uploads;
begin
  select * into v_last from coffee.day_uploads u
  where u.person_id = p_person and u.machine_id = p_machine and u.day = p_day
  order by u.version desc limit 1;
  if (v_last.patterns, v_last.total_messages) is not distinct from (p_patterns, p_total) then
    return false;
  end if;
  update coffee.day_uploads u set replaced_at = now()
  where u.person_id = p_person and u.machine_id = p_machine and u.day = p_day and u.replaced_at is null;
  insert into coffee.day_uploads (person_id, machine_id, day, version, patterns, total_messages)
  values (p_person, p_machine, p_day, coalesce(v_last.version, 0) + 1, p_patterns, p_total);
  return true;
end
$$;

-- SET: the value of this machine and UTC day is replaced, never added to; the one before is kept.
-- p_secret: of coffee.create_upload_secret, or a machine's token, which counts for that machine whatever
-- the name. Returns false when the value was the same.
create function coffee.set_day_counts(
  p_secret text, p_day date, p_workstation text, p_patterns jsonb, p_total bigint)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('collector');
  v_token coffee.machine_tokens := priv.use_machine_token(p_secret);
  v_machine uuid;
  v_wrong text := priv.wrong_day(p_day, p_patterns, coalesce(p_total, 0));
begin
  if v_wrong = 'day' then
    perform priv.fail('CR002', 'day is no day of work', 'Days are UTC, as in 2025-10-26.');
  end if;
  if v_wrong is not null then
    perform priv.fail('CR002', 'a count is no whole number from 0 to 1000000000');
  end if;
  v_machine := coalesce(v_token.machine_id, priv.machine_by_name(v_token.person_id, p_workstation));
  perform priv.lock_imports(v_token.person_id);
  update coffee.machines m set last_report_at = now() where m.person_id = v_token.person_id and m.id = v_machine;
  return priv.put_day(v_token.person_id, v_machine, p_day, p_patterns, coalesce(p_total, 0));
end
$$;

-- Folds a person's records from before that day into the archive, where they have been quiet since
-- p_quiet. No count changes, and a record that comes again is still known. Returns how many were folded.
create function priv.fold_phrases(p_person uuid, p_days integer, p_quiet interval) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_before timestamptz := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - make_interval(days => p_days);
  v_count bigint;
begin
  with gone as (
    delete from coffee.phrase_records r
    where r.person_id = p_person and r.at < v_before and r.imported_at <= now() - p_quiet returning r.*
  ), folded as (
    insert into coffee.phrase_archives as a (person_id, day, machine_id, patterns, keys)
    select p_person, (g.at at time zone 'UTC')::date, g.machine_id, g.patterns,
      string_agg(priv.phrase_hash(g.message_key), ''::bytea order by g.message_key)
    from gone g group by 2, 3, 4
    on conflict (person_id, day, machine_id, patterns) do update set keys = a.keys || excluded.keys
  )
  select count(*) into v_count from gone;
  return v_count;
end
$$;

-- Those of the caller's records that are so many days old. The import does the same by itself once a day.
create function coffee.archive_phrases(p_days integer default 90) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  if coalesce(p_days, 0) < 30 then
    perform priv.fail('CR002', 'only records older than 30 days go into the archive',
      'Younger ones may still be revised by what their transcripts say.');
  end if;
  perform priv.lock_imports(v_me);
  return priv.fold_phrases(v_me, p_days, interval '0');
end
$$;

-- A pattern whose totals everybody may see, and what it is called there.
create function coffee.name_pattern(p_pattern text, p_display_name text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
begin
  if coalesce(p_pattern, '') !~ '^[\x21-\x7e]{1,64}$' or coalesce(priv.clean_label(p_display_name), '') = '' then
    perform priv.fail('CR002', 'a pattern has a name of printable ASCII and a name to show');
  end if;
  insert into coffee.phrase_patterns (pattern, display_name)
  values (p_pattern, priv.clean_label(p_display_name))
  on conflict (pattern) do update set display_name = excluded.display_name;
  perform audit.record('pattern.name', jsonb_build_object('pattern', p_pattern));
end
$$;

-- What the charts of phrases mark on a UTC day. Returns false where that is there already.
create function coffee.add_phrase_note(p_day date, p_note text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
  v_note text := coalesce(priv.clean_label(p_note), '');
begin
  if v_note = '' or p_day is null or p_day not between date '2020-01-01' and date '2100-01-01' then
    perform priv.fail('CR002', 'a note has a day and a text', 'As in 2025-09-29 and Sonnet 4.5.');
  end if;
  insert into coffee.phrase_notes (day, note) values (p_day, v_note) on conflict do nothing;
  if not found then
    return false;
  end if;
  perform audit.record('phrase_note.add', jsonb_build_object('day', p_day, 'note', v_note));
  return true;
end
$$;

-- Takes the notes of a day away, or the one of that text. Returns how many there were.
create function coffee.remove_phrase_note(p_day date, p_note text default null) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
  v_gone jsonb;
begin
  with gone as (
    delete from coffee.phrase_notes n where n.day = p_day and n.note = coalesce(p_note, n.note) returning n.*
  )
  select coalesce(jsonb_agg(g.note), '[]') into v_gone from gone g;
  if v_gone = '[]' then
    perform priv.fail('CR004', 'there is no such note', 'coffee-roadmap phrases notes lists them.');
  end if;
  perform audit.record('phrase_note.remove', jsonb_build_object('day', p_day, 'notes', v_gone));
  return jsonb_array_length(v_gone);
end
$$;

grant execute on function coffee.set_day_counts(text, date, text, jsonb, bigint) to coffee_collector;
grant execute on function coffee.archive_phrases(integer) to coffee_user;
grant execute on function coffee.name_pattern(text, text), coffee.add_phrase_note(date, text),
  coffee.remove_phrase_note(date, text) to coffee_admin;
