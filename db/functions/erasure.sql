-- The detail of a person goes: everything that their machines reported and that was computed of it. What
-- was published and billed stays, under a pseudonym.

create function priv.is_erased(p_person uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from audit.erasures e where e.person_id = p_person)
$$;

-- What the person, or an agent of theirs, is called from then on.
create function priv.erased_name(p_principal priv.principals, p_pseudonym text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select p_pseudonym || case when (p_principal).owner_id is null then '' else '''s agent' end
$$;
grant execute on function priv.is_erased(uuid), priv.erased_name(priv.principals, text) to coffee_registrar;

-- Texts that the database wrote with the person's name in them.
create function priv.erase_name(p_person uuid, p_name text, p_pseudonym text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_answered text := ' answered "';
  v_accepted text := ' was accepted by %s already';
begin
  update coffee.notifications n set asked_by_name = priv.erased_name(w, p_pseudonym)
  from priv.principals w where w.id = n.asked_by and p_person in (w.id, w.owner_id);
  update coffee.notifications n set answered_by_name = p_pseudonym where n.answered_by = p_person;
  -- Before the history, by which it is known who stopped it.
  update coffee.attempts a set reason = left(a.reason, length('stopped by ')) || p_pseudonym
  where a.reason in ('stopped by ' || p_name, 'blocked by ' || p_name) and exists (
    select from coffee.roadmap_history h
    where h.item_id = a.item_id and h.changed_by = p_person and h.changed_at = a.ended_at);
  update coffee.roadmap_history h set changed_by_name = priv.erased_name(w, p_pseudonym),
    reason = case when h.reason = 'stopped by ' || h.changed_by_name
      then 'stopped by ' || priv.erased_name(w, p_pseudonym) else h.reason end
  from priv.principals w where w.id = h.changed_by and p_person in (w.id, w.owner_id);
  -- What others were told in Slack when the person had been first.
  update coffee.slack_interactions i set response_data = jsonb_set(i.response_data, '{message}', to_jsonb(
    case i.action when 'answer' then p_pseudonym || substr(m.said, length(p_name) + 1)
      else replace(m.said, format(v_accepted, p_name), format(v_accepted, p_pseudonym)) end))
  from coffee.slack_interactions o cross join lateral (select o.response_data ->> 'message' as said) m
  where o.id = i.id and i.response_data ->> 'outcome' = 'refused' and (
    i.action = 'answer' and starts_with(m.said, p_name || v_answered) and exists (
      select from coffee.notifications n where n.id = i.notification_id and n.answered_by = p_person)
    or i.action = 'accept' and strpos(m.said, format(v_accepted, p_name)) > 0
      and coalesce(o.response_data ->> 'about', p_person::text) = p_person::text);
end
$$;

create function priv.erase_detail(p_person uuid, p_name text, p_pseudonym text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_table text;
  v_rows bigint;
  v_all bigint := 0;
  v_own uuid[] := array(select w.id from priv.principals w where p_person in (w.id, w.owner_id));
  v_ids bigint[];
  v_entry bigint;
begin
  -- As an import does: the token first, then the lock. What is under way is waited for, and goes too.
  perform from coffee.machine_tokens t where t.person_id = p_person for update;
  perform priv.lock_imports(p_person);
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
  update coffee.slack_interactions i set slack_user_id = 'ERASED', slack_user_name = null, response_data = null
  where i.person_id = p_person or i.person_id is null and exists (
    select from coffee.slack_links l
    where l.person_id = p_person and (l.slack_team_id, l.slack_user_id) = (i.slack_team_id, i.slack_user_id));
  update coffee.slack_links set slack_user_id = 'ERASED', slack_user_name = null, ended_at = coalesce(ended_at, now())
  where person_id = p_person;
  update coffee.dashboard_sessions set browser = null, ended_at = coalesce(ended_at, now()) where person_id = p_person;

  -- What the trail says of them and their agents: their own acts, and those of others that name them, by
  -- the id that stands beside each name. A name may be any word, also one of somebody else's acts.
  select coalesce(array_agg(p.entry_id order by p.entry_id), '{}') into v_ids from audit.payloads p
  where p.actor_id = any (v_own) or exists (select from unnest(v_own) w (id) where position(w.id::text in p.payload) > 0);
  v_entry := audit.record('person.erase', jsonb_build_object('person', p_person, 'payloads', cardinality(v_ids),
    'list', encode(sha256(convert_to(array_to_string(v_ids, ','), 'UTF8')), 'hex')));
  insert into audit.erasures (person_id, pseudonym, entry_id) values (p_person, p_pseudonym, v_entry);
  insert into audit.erased_payloads (entry_id, person_id) select id, p_person from unnest(v_ids) id
  on conflict do nothing;
  delete from audit.payloads where entry_id = any (v_ids);
  perform priv.erase_name(p_person, p_name, p_pseudonym);
  return v_all;
end
$$;
grant execute on function priv.erase_detail(uuid, text, text) to coffee_registrar;

-- History is append-only, but for the name of somebody who was erased, and of their agents.
create function priv.append_only_but_erased() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE'
    and to_jsonb(new) - '{changed_by_name,reason}'::text[] = to_jsonb(old) - '{changed_by_name,reason}'::text[]
    and (new.reason is not distinct from old.reason
      or old.reason = 'stopped by ' || old.changed_by_name and new.reason = 'stopped by ' || new.changed_by_name)
    and exists (
      select from priv.principals w join audit.erasures e on e.person_id = coalesce(w.owner_id, w.id)
      where w.id = old.changed_by and new.changed_by_name = priv.erased_name(w, e.pseudonym)) then
    return new;
  end if;
  raise insufficient_privilege using message = format('%I.%I is append-only', tg_table_schema, tg_table_name);
end
$$;
grant execute on function priv.append_only_but_erased() to coffee_owner; -- creates the trigger
