-- Moving in from older systems. A move is one transaction of its person's: begin_move_in, then the
-- functions that import, then finish_move_in. What has not been finished is not there.

-- Returns the batch's number.
create function coffee.begin_move_in(p_kind text, p_source text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_id integer;
begin
  if p_kind is null or p_kind not in ('absolutelyright', 'ccu', 'tt', 'coffee-maker', 'flowforge') then
    perform priv.fail('CR002', 'nothing of this kind is moved in');
  end if;
  perform priv.lock_imports(v_me);
  -- Until the end of the move. What a transaction has brought has no statistics, and plans of a few thousand
  -- rows look dear enough to be compiled: before 18 that takes ten times as long as they do.
  perform set_config('jit', 'off', true);
  select coalesce(max(b.id), 0) + 1 into v_id from coffee.move_batches b where b.person_id = v_me;
  insert into coffee.move_batches (person_id, id, kind, source, writing)
  values (v_me, v_id, p_kind, coalesce(nullif(left(btrim(regexp_replace(coalesce(p_source, ''),
    priv.unprintable(), ' ', 'g')), 1000), ''), 'unnamed'), pg_current_xact_id());
  return v_id;
exception when unique_violation then
  perform priv.fail('CR001', 'a move is going on in this transaction already');
  return null;
end
$$;

-- The batch that this transaction writes.
create function priv.open_move(p_person uuid) returns coffee.move_batches
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_batch coffee.move_batches;
begin
  select * into v_batch from coffee.move_batches b
  where b.writing = pg_current_xact_id_if_assigned() and b.person_id = p_person;
  if v_batch.id is null then
    perform priv.fail('CR002', 'nothing is being moved in', 'Begin with coffee.begin_move_in in the same transaction.');
  end if;
  return v_batch;
end
$$;

-- p_summary: what is to be said of it later: counts, totals, reasons.
create function coffee.finish_move_in(p_summary jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_batch coffee.move_batches := priv.open_move(v_me);
begin
  if jsonb_typeof(p_summary) is distinct from 'object' or length(p_summary::text) > 200000 then
    perform priv.fail('CR002', 'a summary is a JSON object of at most 200,000 characters');
  end if;
  update coffee.move_batches b set writing = null, summary = p_summary
  where b.person_id = v_me and b.id = v_batch.id;
  perform audit.record('move.in', jsonb_build_object('batch', v_batch.id, 'kind', v_batch.kind));
  return v_batch.id;
end
$$;

-- Which of the caller's machines the older system means by a name; one that is not known is made known.
create function coffee.move_machine(p_name text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  perform priv.open_move(v_me);
  return priv.machine_by_name(v_me, p_name);
end
$$;

-- Days of phrase counts of one machine, by its name as the older system knew it. p_days: [{day, patterns,
-- total}], at most 5,000. Of two numbers for one thing the larger stays: a recount of transcripts that were
-- half gone made days smaller. Counts as coffee.import_records returns them.
create function coffee.move_in_days(p_machine text, p_days jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_machine uuid;
  v_day record;
  v_last coffee.day_uploads;
  v_new bigint := 0;
  v_more bigint := 0;
  v_same bigint := 0;
  v_refused jsonb := '[]';
begin
  perform priv.open_move(v_me);
  if jsonb_typeof(p_days) is distinct from 'array' or jsonb_array_length(p_days) > 5000 then
    perform priv.fail('CR002', 'a call moves at most 5,000 days');
  end if;
  v_machine := priv.machine_by_name(v_me, p_machine);
  for v_day in
    select d.day, d.patterns, d.total, priv.wrong_day(d.day, d.patterns, d.total) as wrong
    from jsonb_to_recordset(p_days) d (day date, patterns jsonb, total bigint)
  loop
    if v_day.wrong is not null then
      v_refused := v_refused || jsonb_build_object('reason', v_day.wrong, 'id', v_day.day);
      continue;
    end if;
    select * into v_last from coffee.day_uploads u
    where u.person_id = v_me and u.machine_id = v_machine and u.day = v_day.day and u.replaced_at is null;
    if not priv.put_day(v_me, v_machine, v_day.day,
        priv.larger_counts(coalesce(v_last.patterns, '{}'), v_day.patterns),
        greatest(v_last.total_messages, v_day.total)) then
      v_same := v_same + 1;
    elsif v_last.version is null then
      v_new := v_new + 1;
    else
      v_more := v_more + 1;
    end if;
  end loop;
  return jsonb_build_object('inserted', v_new, 'revised', v_more, 'duplicate', v_same,
    'refused', jsonb_array_length(v_refused), 'conflicts', 0, 'reasons', priv.refusals(v_refused));
end
$$;

create function priv.larger_counts(p_one jsonb, p_other jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_object_agg(e.key, e.most), '{}')
  from (
    select b.key, max(b.value::bigint) as most
    from (select * from jsonb_each_text(p_one) union all select * from jsonb_each_text(p_other)) b
    group by b.key) e
$$;

grant execute on function coffee.begin_move_in(text, text), coffee.finish_move_in(jsonb), coffee.move_machine(text),
  coffee.move_in_days(text, jsonb) to coffee_user;
