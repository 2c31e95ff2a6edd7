-- Phrase records into the ledger of phrases. Copies of a message unite their patterns and count at the
-- earliest time, on the smallest of the machines that have it then: any order gives the same rows. How a
-- message is looked up, and why so: usage_import.sql.

create function priv.import_phrases(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_sort = off set jit = off as $$
declare
  v_refused jsonb;
  v_good jsonb;
  v_counts jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('reason', w.reason, 'id', w.id)) filter (where w.reason is not null), '[]'),
    coalesce(jsonb_agg(jsonb_build_object('key', w.key, 'at', w.at, 'patterns', w.patterns)) filter (where w.reason is null), '[]')
  into v_refused, v_good
  from (
    select r.id, r.at, r.patterns, coalesce(r.message_id, 'line:' || r.line_uuid) as key,
      case
        when priv.wrong_time(r.at) then 'time'
        when coalesce(r.message_id, r.line_uuid) is null then 'nameless'
        when coalesce(r.message_id, r.line_uuid) !~ '^[\x21-\x7e]{1,200}$' then 'name'
        when coalesce(cardinality(r.patterns), 0) not between 1 and 100
          or exists (select from unnest(r.patterns) p where coalesce(p !~ '^[\x21-\x7e]{1,64}$', true)) then 'patterns'
        when not starts_with(coalesce(r.id, ''), p_machine || ':') then 'forged'
      end as reason
    from json_to_recordset(p_records) r (type text, id text, at timestamptz, message_id text, line_uuid text, patterns text[])
    where r.type = 'phrases'
  ) w;

  with given as materialized (
    select g.key collate "C" as key, min(g.at) as at,
      array_agg(distinct p.name order by p.name) as patterns
    from jsonb_to_recordset(v_good) g (key text, at timestamptz, patterns text[])
    cross join lateral (select n collate "C" as name from unnest(g.patterns) n) p
    group by 1
  ), fresh as (
    select g.* from given g
    where not exists (
      select from coffee.phrase_archives a
      where a.person_id = p_person
        and a.day between (g.at at time zone 'UTC')::date - 1 and (g.at at time zone 'UTC')::date + 1
        and priv.phrase_archived(a.keys, g.key))
  ), judged as materialized (
    select f.*, t.message_key is not null as known,
      t.message_key is null or (f.at, p_machine) < (t.at, t.machine_id) or not f.patterns <@ t.patterns as wins
    from fresh f
    left join lateral (
      select r.* from coffee.phrase_records r
      where r.person_id = p_person and r.message_key >= f.key and r.message_key <= f.key
      order by r.message_key limit 1) t on true
  ), written as (
    insert into coffee.phrase_records as t (person_id, message_key, machine_id, at, patterns)
    select p_person, j.key, p_machine, j.at, j.patterns from judged j where j.wins order by j.key
    on conflict (person_id, message_key) do update set
      at = least(t.at, excluded.at),
      machine_id = case when (excluded.at, excluded.machine_id) < (t.at, t.machine_id)
        then excluded.machine_id else t.machine_id end,
      patterns = priv.united(t.patterns, excluded.patterns), imported_at = now()
  )
  select jsonb_build_object(
    'inserted', (select count(*) from judged j where j.wins and not j.known),
    'revised', (select count(*) from judged j where j.wins and j.known),
    'duplicate', jsonb_array_length(v_good) - (select count(*) from judged j where j.wins),
    'latest', (select max(g.at) from given g)) into v_counts;

  if v_refused <> '[]' then
    perform priv.note_problems(p_person, p_machine, 'refused', v_refused);
  end if;
  return v_counts || jsonb_build_object('refused', jsonb_array_length(v_refused), 'conflicts', 0,
    'reasons', priv.refusals(v_refused));
end
$$;

create function priv.united(p_one text[], p_other text[]) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array(select distinct n collate "C" as name from unnest(p_one || p_other) n order by name)
$$;

create function priv.phrase_hash(p_key text) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select substr(sha256(convert_to(p_key, 'UTF8')), 1, 16)
$$;

create function priv.phrase_archived(p_keys bytea, p_key text) returns boolean
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_hash bytea := priv.phrase_hash(p_key);
  v_at integer := position(v_hash in p_keys);
begin
  return v_at > 0 and exists (
    select from generate_series(1, length(p_keys), 16) i where substr(p_keys, i, 16) = v_hash);
end
$$;

create function priv.count_phrases() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.day_counts as d
  select r.person_id, (r.at at time zone 'UTC')::date, r.machine_id, p.name, count(*)
  from new_rows r cross join lateral unnest(r.patterns) p (name)
  group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (person_id, day, machine_id, pattern) do update set messages = d.messages + excluded.messages;
  if tg_op = 'UPDATE' then
    update coffee.day_counts d set messages = d.messages - o.messages
    from (
      select r.person_id, (r.at at time zone 'UTC')::date as day, r.machine_id, p.name, count(*) as messages
      from old_rows r cross join lateral unnest(r.patterns) p (name) group by 1, 2, 3, 4) o
    where (d.person_id, d.day, d.machine_id, d.pattern) = (o.person_id, o.day, o.machine_id, o.name);
    delete from coffee.day_counts d using old_rows r
    where d.person_id = r.person_id and d.day = (r.at at time zone 'UTC')::date
      and d.machine_id = r.machine_id and d.messages = 0;
  end if;
  return null;
end
$$;
grant execute on function priv.count_phrases() to coffee_owner; -- creates the triggers
