-- What a daemon does next: go on with what was left, merge what was accepted, take the next priority.

-- A holder whose session is gone, or whose login was removed, keeps its lease only for the grace, so
-- that a restart of the database does not reassign everything.
create function priv.shorten_dead_leases(p_projects uuid[], p_grace interval, p_instance uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_until timestamptz := now() + priv.bounded(p_grace);
begin
  if not exists (
    select from daemon.task_queue t
    where t.lease_until > v_until and t.instance <> p_instance and not priv.is_held(t)
  ) then
    return; -- as nearly always; the caller itself lives
  end if;
  with dead as (
    select t.item_id from daemon.task_queue t
    join coffee.roadmap_items i on i.id = t.item_id
    where i.project_id = any (p_projects)
      and t.lease_until > v_until and t.instance <> p_instance and not priv.is_held(t)
    -- A row that somebody holds is being dealt with; waiting for it could end in a deadlock.
    for update of t skip locked)
  update daemon.task_queue t set lease_until = v_until
  from dead where dead.item_id = t.item_id;
end
$$;

create function priv.is_held(p_task daemon.task_queue) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return priv.is_alive(p_task.instance)
    and exists (select from priv.principals d where d.id = p_task.daemon_id and d.removed_at is null);
end
$$;

-- An attempt that was left open goes on, with another session where the agent is another one by now;
-- else it is the item's next.
create function priv.open_attempt(p_item coffee.roadmap_items, p_agent text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id bigint;
begin
  insert into coffee.attempts as a (project_id, item_id, attempt, daemon_id, agent, branch)
  values (p_item.project_id, p_item.id,
    coalesce((select max(b.attempt) from coffee.attempts b where b.item_id = p_item.id), 0) + 1,
    priv.me(), p_agent, p_item.branch)
  on conflict (item_id) where ended_at is null
    do update set daemon_id = excluded.daemon_id, takeovers = a.takeovers + 1,
      earlier_daemon_ids = priv.with_holder(a.earlier_daemon_ids, a.daemon_id, excluded.daemon_id), agent = excluded.agent,
      session_id = case when a.agent = excluded.agent then a.session_id else excluded.session_id end
  returning a.id into v_id;
  return v_id;
end
$$;

-- p_agents: the agents that this daemon can run now; p_projects: where it may run them, null:
-- everywhere. No row: nothing to do.
create function daemon.claim(
  p_instance uuid, p_agents text[], p_lease interval default '30 s', p_grace interval default '2 s',
  p_projects uuid[] default null)
returns table (item_id bigint, kind daemon.task_kind, fence bigint, attempt_id bigint, taken_over boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_me uuid := priv.must_be('daemon');
  v_teams uuid[] := priv.my_teams();
  v_projects uuid[];
  v_workable uuid[]; -- merging needs no agent, so p_projects does not limit it
  v_paused boolean;
  v_next record;
  v_item coffee.roadmap_items;
begin
  select array_agg(p.id), array_agg(p.id) filter (where p_projects is null or p.id = any (p_projects)),
    exists (select from coffee.daemon_status s where s.daemon_id = v_me and s.paused_at is not null)
  into v_projects, v_workable, v_paused
  from coffee.projects p where p.team_id = any (v_teams) and p.archived_at is null;
  if v_paused or v_projects is null then
    return;
  end if;
  perform priv.shorten_dead_leases(v_projects, p_grace, p_instance);

  -- 1. An open attempt that nobody works on. Looked for without a lock first: there seldom is one.
  if exists (
    select from coffee.attempts a
    where a.ended_at is null and a.project_id = any (v_workable) and a.agent = any (p_agents)
      and not exists (select from daemon.task_queue t where t.item_id = a.item_id and t.lease_until > now())
  ) then
    for v_next in
      select i as item, a.id as attempt_id from coffee.attempts a
      join coffee.roadmap_items i on i.id = a.item_id
      where a.ended_at is null and i.state = 'in_progress'
        and a.project_id = any (v_workable) and a.agent = any (p_agents)
        and not exists (select from daemon.task_queue t where t.item_id = i.id and t.lease_until > now())
      order by i.position limit 5
      for no key update of i skip locked
    loop
      v_item := v_next.item;
      fence := priv.take(v_item.id, 'work', v_next.attempt_id, p_instance, p_lease);
      if fence is not null then
        update coffee.attempts a set daemon_id = v_me, takeovers = a.takeovers + 1,
          earlier_daemon_ids = priv.with_holder(a.earlier_daemon_ids, a.daemon_id, v_me)
        where a.id = v_next.attempt_id;
        item_id := v_item.id; kind := 'work'; attempt_id := v_next.attempt_id; taken_over := true;
        return next;
        return;
      end if;
    end loop;
  end if;

  -- 2. Accepted work.
  if exists (
    select from coffee.roadmap_items i
    where i.state = 'in_review' and i.accepted_at is not null and i.project_id = any (v_projects)
  ) then
    for v_item in
      select i.* from coffee.roadmap_items i
      where i.state = 'in_review' and i.accepted_at is not null and i.project_id = any (v_projects)
        and not exists (select from daemon.task_queue t where t.item_id = i.id
                        and (t.lease_until > now() or t.retry_after > now()))
      order by i.accepted_at limit 5
      for no key update of i skip locked
    loop
      fence := priv.take(v_item.id, 'merge', null, p_instance, p_lease);
      if fence is not null then
        item_id := v_item.id; kind := 'merge'; attempt_id := null; taken_over := false;
        return next;
        return;
      end if;
    end loop;
  end if;

  -- 3. The first planned item of a project that has money left and an agent that runs here. The
  -- projects in the order of their first items; one item is locked, not one of each project.
  for v_next in
    select p.id as project_id, p.agent from coffee.projects p
    cross join lateral (
      select i.position from coffee.roadmap_items i
      where i.project_id = p.id and i.state = 'planned'
        and not exists (select from daemon.task_queue t where t.item_id = i.id
                        and (t.lease_until > now() or t.retry_after > now()))
      order by i.position limit 1
    ) first
    where p.id = any (v_workable) and p.agent = any (p_agents)
      and (p.budget_day_usd is null or priv.spent_today(p.id) < p.budget_day_usd)
    order by first.position
  loop
    select i.* into v_item from coffee.roadmap_items i
    where i.project_id = v_next.project_id and i.state = 'planned'
      and not exists (select from daemon.task_queue t where t.item_id = i.id
                      and (t.lease_until > now() or t.retry_after > now()))
    order by i.position limit 1
    for no key update of i skip locked;
    continue when v_item.id is null;
    taken_over := exists (select from coffee.attempts a where a.item_id = v_item.id and a.ended_at is null);
    attempt_id := priv.open_attempt(v_item, v_next.agent);
    fence := priv.take(v_item.id, 'work', attempt_id, p_instance, p_lease);
    if fence is null then -- cannot be: with the lease goes another state
      perform priv.fail('CR001', format('item %s is planned and has a lease', v_item.id));
    end if;
    perform priv.change_state(v_item, 'in_progress', 'claim', null);
    -- For other daemons there is less to do now, not more: only who looks on is told.
    perform priv.hint_progress(attempt_id);
    item_id := v_item.id; kind := 'work';
    return next;
    return;
  end loop;
end
$$;

grant execute on function daemon.claim(uuid, text[], interval, interval, uuid[]) to coffee_daemon;
