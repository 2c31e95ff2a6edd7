-- Activity into its table. A session's beginning is its earliest, its end its latest; of two contents
-- under one id, which a copied machine makes, one is kept by the order of its text, and it is noted.

create function priv.import_activity(p_person uuid, p_machine uuid, p_records json) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  ), given as materialized (
    select distinct on (g.key) g.* from read g where g.reason is null
    order by g.key, g.rank desc, g.content desc
  ), judged as materialized (
    select g.*, t.id is not null as known, t.id = g.id and priv.event_content(t) <> g.content as cloned,
      t.id is null or (g.rank, g.content) > (priv.event_rank(t.action, t.at), priv.event_content(t)) as wins
    from given g
    left join coffee.activity_events t on t.person_id = p_person and t.event_key = g.key
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
  )
  select jsonb_build_object(
      'inserted', (select count(*) from judged j where j.wins and not j.known),
      'revised', (select count(*) from judged j where j.wins and j.known),
      'duplicate', (select count(*) from read r where r.reason is null) - (select count(*) from judged j where j.wins),
      'latest', (select max(g.at) from given g)),
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
