-- What a record of activity has to be, when it counts, and which of two is kept. Bodies that are parsed
-- here are put into the statement that calls them: a batch pays for no call for each record.

-- Null: a record that may go in.
create function priv.wrong_activity(p_machine uuid, r coffee.activity_events) returns text
language sql stable parallel safe
return case
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
    -- Octets first: characters have to be counted one by one.
    when greatest(octet_length(r.folder), octet_length(r.git_project)) > 4096
        and greatest(length(r.folder), length(r.git_project)) > 4096
      or octet_length(r.git_branch) > 512 and length(r.git_branch) > 512
      or greatest(octet_length(r.tool), octet_length(r.session_id), octet_length(r.parent_session_id),
          octet_length(r.tmux_session), octet_length(r.window_app_id)) > 200
        and greatest(length(r.tool), length(r.session_id), length(r.parent_session_id), length(r.tmux_session),
          length(r.window_app_id)) > 200
      or octet_length(r.pane_id) > 32 and length(r.pane_id) > 32
      or greatest(octet_length(r.window_title), octet_length(r.note)) > 1000
        and greatest(length(r.window_title), length(r.note)) > 1000
      or octet_length(r.tab_host) > 253 and length(r.tab_host) > 253
      or greatest(octet_length(r.tab_id), octet_length(r.commit), octet_length(r.previous_commit)) > 64
        and greatest(length(r.tab_id), length(r.commit), length(r.previous_commit)) > 64
      or concat(r.session_id, r.parent_session_id, r.folder, r.git_branch, r.tool, r.git_project, r.tmux_session,
        r.window_app_id, r.pane_id, r.window_title, r.note, r.tab_host, r.tab_id, r.commit, r.previous_commit)
        ~ '[\u0001-\u001f\u007f-\u009f]'
      then 'text'
  end;

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
language sql stable parallel safe
return jsonb_build_array(e.id, e.session_id, e.folder, e.git_branch, e.tool, e.session_type,
  e.parent_session_id, e.git_project, e.pane_id, e.tmux_session, e.window_index, e.status,
  e.idle_duration_ms, e.window_app_id, e.window_title, e.tab_id, e.tab_host, e.actor, e.commit,
  e.previous_commit, e.issue, e.note, extract(epoch from e.started_at), e.duration_ms)::text collate "C";
