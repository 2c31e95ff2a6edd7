-- What a daemon does next: go on with what was left, merge what was accepted, take the next priority.

create function priv.spent_today(p_project uuid) returns numeric
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(a.cost_usd), 0) from coffee.attempts a
  where a.project_id = p_project and a.started_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
$$;

create function priv.spent_on_item(p_item bigint) returns numeric
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(a.cost_usd), 0) from coffee.attempts a
  join coffee.roadmap_items i on i.id = a.item_id
  where a.item_id = p_item and a.started_at >= i.tries_since
$$;

-- A holder whose session is gone, or whose login was removed, keeps its lease only for the grace, so
-- that a restart of the database does not reassign everything.
create function priv.shorten_dead_leases(p_projects uuid[], p_grace interval) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with dead as (
    select t.item_id from daemon.task_queue t
    join coffee.roadmap_items i on i.id = t.item_id
    where i.project_id = any (p_projects)
      and t.lease_until > now() + priv.bounded(p_grace)
      and (not exists (select from priv.principals d where d.id = t.daemon_id and d.removed_at is null)
        or not priv.is_alive(t.instance))
    -- A row that somebody holds is being dealt with; waiting for it could end in a deadlock.
    for update of t skip locked)
  update daemon.task_queue t set lease_until = now() + priv.bounded(p_grace)
  from dead where dead.item_id = t.item_id
$$;

create function priv.open_attempt(p_item coffee.roadmap_items, p_agent text, p_branch text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.me();
  v_id bigint;
begin
  update coffee.attempts a set daemon_id = v_me, takeovers = a.takeovers + 1
  where a.item_id = p_item.id and a.ended_at is null returning a.id into v_id;
  if v_id is null then
    insert into coffee.attempts (project_id, item_id, attempt, daemon_id, agent, branch)
    select p_item.project_id, p_item.id, coalesce(max(a.attempt), 0) + 1, v_me, p_agent, p_item.branch
    from coffee.attempts a where a.item_id = p_item.id
    returning id into v_id;
  end if;
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
  v_projects uuid[] := array(
    select p.id from coffee.projects p
    where p.team_id = any (priv.my_teams()) and p.archived_at is null);
  -- Merging needs no agent, so p_projects does not limit it.
  v_workable uuid[] := coalesce(p_projects, v_projects);
  v_next record;
  v_item coffee.roadmap_items;
begin
  if exists (select from coffee.daemon_status s where s.daemon_id = v_me and s.paused_at is not null) then
    return;
  end if;
  perform priv.shorten_dead_leases(v_projects, p_grace);

  -- 1. An open attempt that nobody works on.
  for v_next in
    select i as item, a.agent from coffee.attempts a
    join coffee.roadmap_items i on i.id = a.item_id
    where a.ended_at is null and i.state = 'in_progress'
      and i.project_id = any (v_projects) and i.project_id = any (v_workable)
      and a.agent = any (p_agents)
      and not exists (select from daemon.task_queue t where t.item_id = i.id and t.lease_until > now())
    order by i.position limit 5
    for update of i skip locked
  loop
    v_item := v_next.item;
    fence := priv.take(v_item.id, 'work', null, p_instance, p_lease);
    if fence is not null then
      item_id := v_item.id; kind := 'work'; taken_over := true;
      attempt_id := priv.open_attempt(v_item, v_next.agent, v_item.branch);
      update daemon.task_queue t set attempt_id = claim.attempt_id where t.item_id = v_item.id;
      return next;
      return;
    end if;
  end loop;

  -- 2. Accepted work.
  for v_item in
    select i.* from coffee.roadmap_items i
    where i.state = 'in_review' and i.accepted_at is not null and i.project_id = any (v_projects)
      and not exists (select from daemon.task_queue t where t.item_id = i.id
                      and (t.lease_until > now() or t.retry_after > now()))
    order by i.accepted_at limit 5
    for update of i skip locked
  loop
    fence := priv.take(v_item.id, 'merge', null, p_instance, p_lease);
    if fence is not null then
      item_id := v_item.id; kind := 'merge'; attempt_id := null; taken_over := false;
      return next;
      return;
    end if;
  end loop;

  -- 3. The first planned item of a project that has money left and an agent that runs here.
  for v_next in
    select next.item, p.agent
    from coffee.projects p
    cross join lateral (
      select i as item from coffee.roadmap_items i
      where i.project_id = p.id and i.state = 'planned'
        and not exists (select from daemon.task_queue t where t.item_id = i.id
                        and (t.lease_until > now() or t.retry_after > now()))
      order by i.position limit 1
      for update of i skip locked
    ) next
    where p.id = any (v_projects) and p.id = any (v_workable) and p.agent = any (p_agents)
      and (p.budget_day_usd is null or priv.spent_today(p.id) < p.budget_day_usd)
    order by (next.item).position
  loop
    v_item := v_next.item;
    fence := priv.take(v_item.id, 'work', null, p_instance, p_lease);
    if fence is not null then
      item_id := v_item.id; kind := 'work'; taken_over := false;
      attempt_id := priv.open_attempt(v_item, v_next.agent, v_item.branch);
      update daemon.task_queue t set attempt_id = claim.attempt_id where t.item_id = v_item.id;
      perform priv.move_state(v_item, 'in_progress', 'claim');
      return next;
      return;
    end if;
  end loop;
end
$$;

-- USD that may still be spent on this item now; null: no limit.
create function daemon.budget_left(p_item bigint) returns numeric
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  -- greatest() passes over nulls: without the case no limit would read as nothing left.
  select case when coalesce(p.budget_item_usd, p.budget_day_usd) is not null then greatest(0, least(
    p.budget_item_usd - priv.spent_on_item(i.id), p.budget_day_usd - priv.spent_today(p.id))) end
  from coffee.roadmap_items i join coffee.projects p on p.id = i.project_id
  where i.id = p_item and p.id = any (priv.my_projects()) and priv.must_be('daemon') is not null
$$;

grant execute on function
  daemon.claim(uuid, text[], interval, interval, uuid[]), daemon.budget_left(bigint)
to coffee_daemon;
