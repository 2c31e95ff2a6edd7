-- Activity into its table. A session's beginning is its earliest, its end its latest; of two contents
-- under one id, which a copied machine makes, one is kept by the order of its text, and it is noted.

create function priv.import_activity(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_refused jsonb;
  v_good coffee.activity_events[];
  v_counts jsonb;
  v_clones jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('reason', w.reason, 'id', w.id)) filter (where w.reason is not null), '[]'),
    coalesce(array_agg(w.record) filter (where w.reason is null), '{}')
  into v_refused, v_good
  from (
    select row(r.*)::coffee.activity_events as record, r.id, priv.wrong_activity(p_machine, r) as reason
    from json_populate_recordset(null::coffee.activity_events, p_records) r
    where r.type is distinct from 'phrases'
  ) w;

  with given as materialized (
    select distinct on (e.key) g.*, e.key, e.rank, e.content
    from unnest(v_good) g
    cross join lateral (select
      (case when g.type = 'agent_session' then concat_ws(':', p_machine, g.source, g.type, g.session_id, g.action)
        else g.id end) collate "C" as key,
      priv.event_rank(g.action, g.at) as rank, priv.event_content(g) as content) e
    order by e.key, e.rank desc, e.content desc
  ), judged as (
    select g.*, t.id = g.id and t.content <> g.content as cloned,
      t.id is null or (g.rank, g.content) > (t.rank, t.content) as wins
    from given g
    left join lateral (
      select e.id, priv.event_rank(e.action, e.at) as rank, priv.event_content(e) as content
      from coffee.activity_events e where e.person_id = p_person and e.event_key = g.key) t on true
  ), written as (
    insert into coffee.activity_events as t (person_id, event_key, id, machine_id, at, effective_at, type, source,
      session_id, folder, git_branch, tool, action, session_type, parent_session_id, git_project, pane_id,
      tmux_session, window_index, status, idle_duration_ms, window_app_id, window_title, tab_id, tab_host,
      actor, commit, previous_commit, issue, note, started_at, duration_ms)
    select p_person, j.key, j.id, p_machine, j.at, priv.takes_effect(j.type, j.at, j.status, j.idle_duration_ms,
      j.started_at), j.type, j.source,
      j.session_id, j.folder, j.git_branch, j.tool, j.action, j.session_type, j.parent_session_id, j.git_project,
      j.pane_id, j.tmux_session, j.window_index, j.status, j.idle_duration_ms, j.window_app_id, j.window_title,
      j.tab_id, j.tab_host, j.actor, j.commit, j.previous_commit, j.issue, j.note, j.started_at, j.duration_ms
    from judged j where j.wins order by j.key
    on conflict (person_id, event_key) do update set id = excluded.id, at = excluded.at,
      effective_at = excluded.effective_at, session_id = excluded.session_id, folder = excluded.folder,
      git_branch = excluded.git_branch, tool = excluded.tool, session_type = excluded.session_type,
      parent_session_id = excluded.parent_session_id, git_project = excluded.git_project,
      pane_id = excluded.pane_id, tmux_session = excluded.tmux_session, window_index = excluded.window_index,
      status = excluded.status, idle_duration_ms = excluded.idle_duration_ms,
      window_app_id = excluded.window_app_id, window_title = excluded.window_title, tab_id = excluded.tab_id,
      tab_host = excluded.tab_host, actor = excluded.actor, commit = excluded.commit,
      previous_commit = excluded.previous_commit, issue = excluded.issue, note = excluded.note,
      started_at = excluded.started_at, duration_ms = excluded.duration_ms, imported_at = now()
    returning xmax = 0 as fresh
  )
  select jsonb_build_object(
      'inserted', (select count(*) from written w where w.fresh),
      'revised', (select count(*) from written w where not w.fresh),
      'duplicate', cardinality(v_good) - (select count(*) from written),
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

-- Null: a record that may go in.
create function priv.wrong_activity(p_machine uuid, r coffee.activity_events) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case
    when priv.wrong_time(r.at) then 'time'
    when r.type is null or r.type not in ('user_message', 'agent_tool_use', 'agent_session', 'tmux_pane_focus',
      'tmux_scroll', 'afk_change', 'window_focus', 'browser_tab', 'git_commit', 'git_checkout', 'manual_timer',
      'manual_log') then 'type'
    when coalesce(r.source not in ('remote.tmux', 'remote.agent', 'remote.git', 'local.window', 'local.afk',
      'local.browser', 'manual'), true) then 'source'
    when coalesce(r.id, '') !~ '^[\x21-\x7e]+$' or length(r.id) > 700 or not starts_with(r.id, concat_ws(':', p_machine,
      r.source, r.type, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '')) then 'forged'
    when r.type = 'agent_session' and (coalesce(r.action not in ('started', 'ended'), true)
      or coalesce(r.session_type not in ('user', 'subagent', 'agent'), true)) then 'session'
    when r.type = 'agent_tool_use' and r.tool is null then 'tool'
    when r.type in ('tmux_pane_focus', 'tmux_scroll') and r.pane_id is null then 'pane'
    when r.type = 'afk_change' and coalesce(r.status not in ('idle', 'active'), true) then 'status'
    when r.type = 'window_focus' and r.window_app_id is null then 'window'
    when r.type = 'browser_tab' and r.tab_id is null then 'tab'
    when r.type in ('git_commit', 'git_checkout') and (r.commit is null
      or r.actor not in ('person', 'agent')) then 'commit'
    when r.type = 'manual_timer' and (coalesce(r.action not in ('start', 'pause', 'resume', 'stop'), true)
      or r.issue is null) then 'timer'
    when r.type = 'manual_log' and (priv.wrong_time(r.started_at) or r.duration_ms is null) then 'log'
    when r.type not in ('agent_session', 'manual_timer') and r.action is not null then 'action'
    when r.window_index not between 0 and 1000000 or r.idle_duration_ms not between 0 and 31622400000
      or r.duration_ms not between 1 and 86400000 then 'number'
    when r.issue !~ '^[a-z][a-z0-9-]{0,31}:[\x21-\x7e]{1,150}$' then 'issue'
    when greatest(length(r.folder), length(r.git_project)) > 4096 or length(r.git_branch) > 512
      or greatest(length(r.tool), length(r.session_id), length(r.parent_session_id), length(r.tmux_session),
        length(r.window_app_id)) > 200 or length(r.pane_id) > 32
      or greatest(length(r.window_title), length(r.note)) > 1000 or length(r.tab_host) > 253
      or greatest(length(r.tab_id), length(r.commit), length(r.previous_commit)) > 64
      or concat(r.session_id, r.parent_session_id, r.folder, r.git_branch, r.tool, r.git_project, r.tmux_session,
        r.window_app_id, r.pane_id, r.window_title, r.note, r.tab_host, r.tab_id, r.commit, r.previous_commit)
        ~ '[\u0001-\u001f\u007f-\u009f]'
      then 'text'
  end
$$;

create function priv.takes_effect(
  p_type text, p_at timestamptz, p_status text, p_idle_ms bigint, p_started timestamptz)
returns timestamptz
language sql stable parallel safe
return case
  when p_type = 'afk_change' and p_status = 'idle' then p_at - make_interval(secs => coalesce(p_idle_ms, 0) / 1000.0)
  when p_type = 'manual_log' then p_started
  else p_at
end;

create function priv.event_rank(p_action text, p_at timestamptz) returns numeric
language sql immutable parallel safe
return extract(epoch from p_at) * case when p_action = 'ended' then 1 else -1 end;

create function priv.event_content(e coffee.activity_events) returns text
language sql stable parallel safe set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_array(e.id, e.session_id, e.folder, e.git_branch, e.tool, e.session_type,
    e.parent_session_id, e.git_project, e.pane_id, e.tmux_session, e.window_index, e.status,
    e.idle_duration_ms, e.window_app_id, e.window_title, e.tab_id, e.tab_host, e.actor, e.commit,
    e.previous_commit, e.issue, e.note, extract(epoch from e.started_at), e.duration_ms)::text collate "C"
$$;
