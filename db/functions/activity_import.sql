-- Activity into its table. A session's beginning is its earliest, its end its latest; of two contents
-- under one id, which a copied machine makes, one is kept by the order of its text, and it is noted.

create function priv.import_activity(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_refused jsonb;
  v_good jsonb;
  v_counts jsonb;
  v_clones jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('reason', w.reason, 'id', w.id)) filter (where w.reason is not null), '[]'),
    coalesce(jsonb_agg(to_jsonb(w)) filter (where w.reason is null), '[]')
  into v_refused, v_good
  from (
    select r.*,
      case
        when priv.wrong_time(r.at) then 'time'
        when r.type not in ('user_message', 'agent_tool_use', 'agent_session') or r.type is null then 'type'
        when coalesce(r.source not in ('remote.tmux', 'remote.agent', 'remote.git', 'local.window', 'local.afk',
          'local.browser', 'manual'), true) then 'source'
        when coalesce(r.id, '') !~ '^[\x21-\x7e]+$' or length(r.id) > 700 or not starts_with(r.id, concat_ws(':', p_machine,
          r.source, r.type, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '')) then 'forged'
        when r.type = 'agent_session' and (coalesce(r.action not in ('started', 'ended'), true)
          or coalesce(r.session_type not in ('user', 'subagent', 'agent'), true)) then 'session'
        when r.type = 'agent_tool_use' and r.tool is null then 'tool'
        when length(r.folder) > 4096 or length(r.git_branch) > 512 or length(r.tool) > 200
          or greatest(length(r.session_id), length(r.parent_session_id)) > 200
          or concat(r.session_id, r.parent_session_id, r.folder, r.git_branch, r.tool) ~ '[\u0001-\u001f\u007f-\u009f]'
          then 'text'
      end as reason
    from json_to_recordset(p_records) r (id text, at timestamptz, type text, source text, session_id text,
      folder text, git_branch text, tool text, action text, session_type text, parent_session_id text)
    where r.type is distinct from 'phrases'
  ) w;

  with given as materialized (
    select distinct on (e.key) g.*, e.key, e.rank, e.content
    from jsonb_to_recordset(v_good) g (id text, at timestamptz, type text, source text, session_id text,
      folder text, git_branch text, tool text, action text, session_type text, parent_session_id text)
    cross join lateral (select
      (case when g.type = 'agent_session' then concat_ws(':', p_machine, g.source, g.type, g.session_id, g.action)
        else g.id end) collate "C" as key,
      priv.event_rank(g.action, g.at) as rank,
      priv.event_content(g.id, g.session_id, g.folder, g.git_branch, g.tool, g.session_type, g.parent_session_id)
        as content) e
    order by e.key, e.rank desc, e.content desc
  ), judged as (
    select g.*, t.id = g.id and t.content <> g.content as cloned,
      t.id is null or (g.rank, g.content) > (t.rank, t.content) as wins
    from given g
    left join lateral (
      select e.id, priv.event_rank(e.action, e.at) as rank, priv.event_content(e.id, e.session_id, e.folder,
        e.git_branch, e.tool, e.session_type, e.parent_session_id) as content
      from coffee.activity_events e where e.person_id = p_person and e.event_key = g.key) t on true
  ), written as (
    insert into coffee.activity_events as t (person_id, event_key, id, machine_id, at, type, source,
      session_id, folder, git_branch, tool, action, session_type, parent_session_id)
    select p_person, j.key, j.id, p_machine, j.at, j.type, j.source, j.session_id, j.folder, j.git_branch,
      j.tool, j.action, j.session_type, j.parent_session_id
    from judged j where j.wins order by j.key
    on conflict (person_id, event_key) do update set id = excluded.id, at = excluded.at,
      session_id = excluded.session_id, folder = excluded.folder, git_branch = excluded.git_branch,
      tool = excluded.tool, session_type = excluded.session_type,
      parent_session_id = excluded.parent_session_id, imported_at = now()
    returning xmax = 0 as fresh
  )
  select jsonb_build_object(
      'inserted', (select count(*) from written w where w.fresh),
      'revised', (select count(*) from written w where not w.fresh),
      'duplicate', jsonb_array_length(v_good) - (select count(*) from written),
      'latest', (select max(g.at) from given g)),
    coalesce((select jsonb_agg(jsonb_build_object('reason', 'same_id', 'id', j.id)) from judged j where j.cloned), '[]')
  into v_counts, v_clones;

  if v_refused <> '[]' then
    perform priv.note_problems(p_person, p_machine, 'refused', v_refused);
  end if;
  if v_clones <> '[]' then
    perform priv.note_problems(p_person, p_machine, 'conflict', v_clones);
  end if;
  return v_counts || jsonb_build_object('refused', jsonb_array_length(v_refused),
    'conflicts', jsonb_array_length(v_clones), 'reasons', priv.refusals(v_refused));
end
$$;

create function priv.event_rank(p_action text, p_at timestamptz) returns numeric
language sql immutable parallel safe
return extract(epoch from p_at) * case when p_action = 'ended' then 1 else -1 end;

create function priv.event_content(
  p_id text, p_session text, p_folder text, p_branch text, p_tool text, p_type text, p_parent text)
returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_array(p_id, p_session, p_folder, p_branch, p_tool, p_type, p_parent)::text collate "C"
$$;
