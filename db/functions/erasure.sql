-- The detail of a person goes: everything that their machines reported and that was computed of it. What
-- was published and billed stays, under a pseudonym.

create function priv.erase_detail(p_person uuid, p_name text, p_pseudonym text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_table text;
  v_rows bigint;
  v_all bigint := 0;
  v_ids bigint[];
  v_entry bigint;
begin
  -- Children first. A table that is missing here is a failing test: db/tests/erasure.test.ts.
  foreach v_table in array array[
    'time_intervals', 'time_days', 'stream_assignments', 'stream_tags', 'streams', 'agent_sessions', 'work_folders',
    'activity_events', 'message_texts', 'phrase_records', 'phrase_archives', 'day_counts', 'day_uploads',
    'usage_records', 'usage_buckets', 'usage_days', 'import_problems', 'machine_cursors', 'machine_tokens', 'machines',
    'project_links', 'publisher_beats', 'move_changes', 'move_batches']
  loop
    execute format('delete from coffee.%I where person_id = $1', v_table) using p_person;
    get diagnostics v_rows = row_count;
    v_all := v_all + v_rows;
  end loop;
  update coffee.slack_links set slack_user_id = 'ERASED', slack_user_name = null, ended_at = coalesce(ended_at, now())
  where person_id = p_person;
  update coffee.slack_interactions set slack_user_id = 'ERASED', slack_user_name = null, response_data = null
  where person_id = p_person;
  update coffee.dashboard_sessions set browser = null, ended_at = coalesce(ended_at, now()) where person_id = p_person;
  update coffee.notifications set
    asked_by_name = case when asked_by = p_person then p_pseudonym else asked_by_name end,
    answered_by_name = case when answered_by = p_person then p_pseudonym else answered_by_name end
  where asked_by = p_person or answered_by = p_person;

  -- What the trail says of them: their own acts, and those of others that name them.
  select coalesce(array_agg(p.entry_id order by p.entry_id), '{}') into v_ids from audit.payloads p
  where p.actor_id = p_person or position(p_person::text in p.payload) > 0
    or position(to_jsonb(p_name)::text in p.payload) > 0;
  v_entry := audit.record('person.erase', jsonb_build_object('person', p_person, 'payloads', cardinality(v_ids),
    'list', encode(sha256(convert_to(array_to_string(v_ids, ','), 'UTF8')), 'hex')));
  insert into audit.erasures (person_id, pseudonym, entry_id) values (p_person, p_pseudonym, v_entry);
  insert into audit.erased_payloads (entry_id, person_id) select id, p_person from unnest(v_ids) id
  on conflict do nothing;
  delete from audit.payloads where entry_id = any (v_ids);
  update coffee.roadmap_history set changed_by_name = p_pseudonym where changed_by = p_person;
  return v_all;
end
$$;
grant execute on function priv.erase_detail(uuid, text, text) to coffee_registrar;

-- History is append-only, but for the name of somebody who was erased.
create function priv.append_only_but_erased() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'changed_by_name' = to_jsonb(old) - 'changed_by_name'
    and exists (select from audit.erasures e where e.person_id = old.changed_by and e.pseudonym = new.changed_by_name) then
    return new;
  end if;
  raise insufficient_privilege using message = format('%I.%I is append-only', tg_table_schema, tg_table_name);
end
$$;
grant execute on function priv.append_only_but_erased() to coffee_owner; -- creates the trigger
