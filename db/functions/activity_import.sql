-- Activity into its table. A session's beginning is its earliest, its end its latest; of two contents
-- under one id, which a copied machine makes, one is kept by the order of its text, and it is noted.
-- How an event is looked up, and why so: usage_import.sql.

create function priv.import_activity(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_sort = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_refused jsonb;
  v_counts jsonb;
  v_clones jsonb;
begin
  with read as materialized (
    select r.*, priv.wrong_activity(p_machine, r) as reason,
      (case when r.type = 'agent_session' then concat_ws(':', p_machine, r.source, r.type, r.session_id, r.action)
        else r.id end) collate "C" as key,
      priv.event_rank(r.action, r.at) as rank, priv.event_content(r) as content
    from json_populate_recordset(null::coffee.activity_events, p_records) r
    where r.type is null or r.type not in ('phrases', 'message_text')
  ), given as (
    select distinct on (g.key) g.* from read g where g.reason is null
    order by g.key, g.rank desc, g.content desc
  ), judged as materialized (
    select g.*, t.place, t.place is not null as known, t.id = g.id and t.content <> g.content as cloned,
      t.place is null or (g.rank, g.content) > (t.rank, t.content) as wins
    from given g
    left join lateral (
      select e.ctid as place, e.id, priv.event_rank(e.action, e.at) as rank, priv.event_content(e) as content
      from coffee.activity_events e
      where e.person_id = p_person and e.event_key >= g.key and e.event_key <= g.key
      order by e.event_key limit 1) t on true
  ), written as (
    insert into coffee.activity_events (person_id, event_key, id, machine_id, at, effective_at, type, source,
      session_id, folder, git_branch, tool, action, session_type, parent_session_id, git_project, pane_id,
      tmux_session, window_index, status, idle_duration_ms, window_app_id, window_title, tab_id, tab_host,
      actor, commit, previous_commit, issue, note, started_at, duration_ms)
    select p_person, j.key, j.id, p_machine, j.at, priv.takes_effect(j.type, j.at, j.status, j.idle_duration_ms,
      j.started_at), j.type, j.source,
      j.session_id, j.folder, j.git_branch, j.tool, j.action, j.session_type, j.parent_session_id, j.git_project,
      j.pane_id, j.tmux_session, j.window_index, j.status, j.idle_duration_ms, j.window_app_id, j.window_title,
      j.tab_id, j.tab_host, j.actor, j.commit, j.previous_commit, j.issue, j.note, j.started_at, j.duration_ms
    from judged j where not j.known
  ), revised as (
    update coffee.activity_events e set id = j.id, at = j.at,
      effective_at = priv.takes_effect(j.type, j.at, j.status, j.idle_duration_ms, j.started_at),
      session_id = j.session_id, folder = j.folder,
      git_branch = j.git_branch, tool = j.tool, session_type = j.session_type,
      parent_session_id = j.parent_session_id, git_project = j.git_project,
      pane_id = j.pane_id, tmux_session = j.tmux_session, window_index = j.window_index,
      status = j.status, idle_duration_ms = j.idle_duration_ms,
      window_app_id = j.window_app_id, window_title = j.window_title, tab_id = j.tab_id,
      tab_host = j.tab_host, actor = j.actor, commit = j.commit,
      previous_commit = j.previous_commit, issue = j.issue, note = j.note,
      started_at = j.started_at, duration_ms = j.duration_ms, imported_at = now()
    from judged j
    where j.known and j.wins and e.ctid = j.place and e.person_id = p_person and e.event_key = j.key
  )
  select jsonb_build_object(
      'inserted', (select count(*) from judged j where j.wins and not j.known),
      'revised', (select count(*) from judged j where j.wins and j.known),
      'duplicate', (select count(*) from read r where r.reason is null) - (select count(*) from judged j where j.wins),
      'latest', (select max(j.at) from judged j)),
    coalesce((select jsonb_agg(jsonb_build_object('reason', r.reason, 'id', r.id)) from read r
      where r.reason is not null), '[]'),
    coalesce((select jsonb_agg(jsonb_build_object('reason', 'same_id', 'id', j.id)) from judged j where j.cloned), '[]')
  into v_counts, v_refused, v_clones;

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
