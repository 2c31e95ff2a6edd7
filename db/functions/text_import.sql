-- Texts of messages, which machines send only where their person has turned that on. They are private to
-- that person, and the only records of machines that the person may take back.

-- Of copies of a line the smallest counts, by time, machine and the rest: any order gives the same rows.
-- How a line is looked up, and why so: usage_import.sql.
create function priv.import_texts(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_sort = off set jit = off as $$
declare
  -- A daemon has nobody whose texts they could be.
  v_of_person boolean := exists (select from priv.principals p where p.id = p_person and p.kind = 'person');
  v_refused jsonb;
  v_counts jsonb;
begin
  with read as materialized (
    select r.line_uuid collate "C" as line_uuid, r.at, r.role collate "C" as role,
      r.message_id collate "C" as message_id, r.session_id collate "C" as session_id, r.text collate "C" as text, r.id,
      case
        when not v_of_person then 'nobody'
        when priv.wrong_time(r.at) then 'time'
        when coalesce(r.line_uuid !~ '^[\x21-\x7e]{1,200}$', true)
          or r.message_id !~ '^[\x21-\x7e]{1,200}$' or r.session_id !~ '^[\x21-\x7e]{1,200}$' then 'name'
        when coalesce(r.role not in ('user', 'assistant'), true) then 'role'
        when coalesce(length(r.text) not between 1 and 8000
          or r.text ~ '[\u0001-\u0008\u000b-\u001f\u007f-\u009f]', true) then 'text'
        when not starts_with(coalesce(r.id, ''), p_machine || ':') then 'forged'
      end as reason
    from json_to_recordset(p_records) r (type text, id text, at timestamptz, line_uuid text, role text,
      message_id text, session_id text, text text)
    where r.type = 'message_text'
  ), given as (
    select distinct on (g.line_uuid) g.* from read g where g.reason is null
    order by g.line_uuid, g.at, coalesce(g.session_id, ''), g.role, coalesce(g.message_id, ''), g.text
  ), judged as materialized (
    select g.*, t.person_id is not null as known,
      t.person_id is null or (g.at, p_machine, coalesce(g.session_id, ''), g.role, coalesce(g.message_id, ''), g.text)
        < (t.at, t.machine_id, coalesce(t.session_id, ''), t.role, coalesce(t.message_id, ''), t.text) as wins
    from given g
    left join lateral (
      select m.* from coffee.message_texts m
      where m.person_id = p_person and m.line_uuid >= g.line_uuid and m.line_uuid <= g.line_uuid
      order by m.line_uuid limit 1) t on true
  ), written as (
    insert into coffee.message_texts as t (person_id, line_uuid, machine_id, at, role, message_id, session_id, text)
    select p_person, j.line_uuid, p_machine, j.at, j.role, j.message_id, j.session_id, j.text
    from judged j where j.wins order by j.line_uuid
    on conflict (person_id, line_uuid) do update set machine_id = excluded.machine_id, at = excluded.at,
      role = excluded.role, message_id = excluded.message_id, session_id = excluded.session_id,
      text = excluded.text, imported_at = now()
  )
  select jsonb_build_object(
      'inserted', (select count(*) from judged j where j.wins and not j.known),
      'revised', (select count(*) from judged j where j.wins and j.known),
      'duplicate', (select count(*) from read r where r.reason is null) - (select count(*) from judged j where j.wins),
      'latest', (select max(j.at) from judged j)),
    coalesce((select jsonb_agg(jsonb_build_object('reason', r.reason, 'id', r.id)) from read r
      where r.reason is not null), '[]')
  into v_counts, v_refused;
  if v_refused <> '[]' then
    perform priv.note_problems(p_person, p_machine, 'refused', v_refused);
  end if;
  return v_counts || jsonb_build_object('refused', jsonb_array_length(v_refused), 'conflicts', 0,
    'reasons', priv.refusals(v_refused));
end
$$;

-- Takes back every text that machines of the caller have sent. Returns how many there were.
create function coffee.remove_texts() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_count bigint;
begin
  perform priv.lock_imports(v_me);
  delete from coffee.message_texts t where t.person_id = v_me;
  get diagnostics v_count = row_count;
  perform audit.record('texts.remove', jsonb_build_object('texts', v_count));
  return v_count;
end
$$;
comment on function coffee.remove_texts() is 'Takes back every text of messages that machines of the caller have sent.';
grant execute on function coffee.remove_texts() to coffee_user;
