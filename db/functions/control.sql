-- What people tell daemons, and what daemons tell people.

create function daemon.report(p_status jsonb) returns coffee.daemon_status
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_old coffee.daemon_status;
  v_new coffee.daemon_status;
begin
  select * into v_old from coffee.daemon_status s where s.daemon_id = v_me;
  v_new := jsonb_populate_record(v_old, p_status - 'paused_at' - 'paused_by' - 'daemon_id' - 'name');
  -- A foreign key alone would tell whether another team's item exists.
  if not exists (
    select from coffee.roadmap_items i
    where i.id = v_new.item_id and i.project_id = any (priv.my_projects())
  ) then
    v_new.item_id := null;
  end if;
  if not exists (select from coffee.attempts a where a.id = v_new.attempt_id and a.daemon_id = v_me) then
    v_new.attempt_id := null;
  end if;
  insert into coffee.daemon_status as s (daemon_id, name, state, item_id, attempt_id, note, version, host,
    isolated, isolation, agents, started_at, heartbeat_at)
  values (v_me, priv.name_of(v_me), coalesce(v_new.state, 'starting'), v_new.item_id, v_new.attempt_id,
    v_new.note, coalesce(v_new.version, '0'), v_new.host, coalesce(v_new.isolated, false),
    coalesce(v_new.isolation, ''), coalesce(v_new.agents, '[]'),
    greatest('epoch', least(coalesce(v_new.started_at, now()), now())), clock_timestamp())
  on conflict (daemon_id) do update set
    name = excluded.name, state = excluded.state, item_id = excluded.item_id,
    attempt_id = excluded.attempt_id, note = excluded.note, version = excluded.version,
    host = excluded.host, isolated = excluded.isolated, isolation = excluded.isolation,
    agents = excluded.agents, started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at
  returning * into v_new;
  if (v_old.state, v_old.item_id, v_old.note) is distinct from (v_new.state, v_new.item_id, v_new.note) then
    perform pg_notify('coffee_progress', '');
  end if;
  return v_new;
end
$$;

-- The daemons that serve a team of the caller's.
create function priv.my_daemons() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_teams uuid[] := priv.my_teams();
begin
  return array(
    select m.member_id from coffee.memberships m
    join priv.principals p on p.id = m.member_id and p.kind = 'daemon'
    where m.team_id = any (v_teams));
end
$$;
grant execute on function priv.my_daemons()
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot, coffee_dashboard;

-- p_daemon null: all that the caller may tell. Returns how many.
create function coffee.pause_daemons(p_daemon text, p_paused boolean) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_count integer;
begin
  perform from coffee.daemon_status s where s.daemon_id = any (priv.my_daemons())
  order by s.daemon_id for no key update;
  update coffee.daemon_status s set
    paused_at = case when p_paused then coalesce(s.paused_at, now()) end,
    paused_by = case when p_paused then coalesce(s.paused_by, v_me) end
  where s.daemon_id = any (priv.my_daemons()) and (p_daemon is null or lower(s.name) = lower(p_daemon));
  get diagnostics v_count = row_count;
  if v_count = 0 then
    perform priv.fail('CR004', 'there is no such daemon', 'coffee-roadmap daemon status');
  end if;
  perform audit.record(case when p_paused then 'daemon.pause' else 'daemon.resume' end,
    jsonb_build_object('daemon', p_daemon));
  perform pg_notify('coffee_control', '');
  return v_count;
end
$$;

create function coffee.stop_item(p_item bigint) returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_item coffee.roadmap_items := priv.must_item(p_item);
begin
  if v_item.state <> 'in_progress' then
    perform priv.fail('CR001', format('priority %s is %s: nothing runs', v_item.number, v_item.state),
      'coffee-roadmap daemon status');
  end if;
  return coffee.block_item(p_item, 'stopped by ' || priv.name_of(priv.must_be('person')));
end
$$;

-- Empties what is the daemons' own. Shared rows stay as they are; each open attempt goes on anew.
create function coffee.reset_daemon() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
begin
  delete from daemon.task_queue;
  delete from daemon.execution_log;
  perform audit.record('daemon.reset', '{}');
  perform pg_notify('coffee_control', '');
  perform pg_notify('coffee_roadmap', '');
end
$$;

grant execute on function daemon.report(jsonb) to coffee_daemon;
grant execute on function coffee.pause_daemons(text, boolean), coffee.stop_item(bigint) to coffee_user;
grant execute on function coffee.reset_daemon() to coffee_admin;
