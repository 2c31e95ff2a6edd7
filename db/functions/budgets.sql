-- What may be spent: on an item since it was last planned by a person, and by a project in a day (UTC).
-- What an attempt cost its calls say, by the price list; the agent's own figure where they do not
-- (views/analytics_attempts.sql, ADR 12).

create function priv.utc_today() returns date
language sql stable set search_path = pg_catalog, pg_temp as $$
  select (now() at time zone 'UTC')::date
$$;

create function priv.spent_today(p_project uuid) returns numeric
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(s.today_usd), 0) from priv.attempt_spend s where s.project_id = p_project and s.of_today
$$;

create function priv.spent_on_attempt(p_attempt bigint) returns numeric
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.cost_usd from priv.attempt_spend s where s.attempt_id = p_attempt
$$;

create function priv.spent_on_item(p_item bigint) returns numeric
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(s.cost_usd), 0) from priv.attempt_spend s
  join coffee.roadmap_items i on i.id = s.item_id
  where s.item_id = p_item and s.started_at >= i.tries_since
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

-- Whether the day's budget is what stops this item, rather than its own.
create function priv.day_stops(p_item coffee.roadmap_items) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.budget_day_usd is not null and (p.budget_item_usd is null
    or greatest(0, p.budget_day_usd - priv.spent_today(p.id)) < p.budget_item_usd - priv.spent_on_item(p_item.id))
  from coffee.projects p where p.id = p_item.project_id
$$;

-- Planned again, with its attempt left open: whoever takes it when there is money goes on where it is.
create function priv.adjourn(p_item coffee.roadmap_items, p_fence bigint, p_attempt coffee.attempts)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_why text := 'the budget of the day is spent: it goes on by itself when there is money again';
  v_item coffee.roadmap_items;
  v_counted boolean;
begin
  perform daemon.record_step(p_item.id, p_fence, 'waits', v_why);
  v_item := priv.move_state(p_item, 'planned', 'release', v_why);
  perform priv.tell(v_item, p_attempt.id, 'warning', 'normal',
    format('%s. %s waits: the budget of the day is spent', v_item.number, v_item.title),
    'It goes on by itself at midnight UTC, or when the project may spend more in a day.',
    jsonb_build_object('cost_usd', priv.spent_on_attempt(p_attempt.id)));
  select priv.spent_today(p.id) >= p.budget_day_usd into v_counted
  from coffee.projects p where p.id = v_item.project_id;
  -- What was counted is a limit that claims see, also when it is raised. An agent that says so although
  -- less was counted must not be begun again at once, unless it spent the money of a day that is over.
  update daemon.task_queue t set lease_until = null, instance = null, updated_at = now(),
    retry_after = case
      when v_counted then null
      when p_attempt.cost_before_day_usd > 0 then now() + interval '1 min'
      else (priv.utc_today() + 1)::timestamp at time zone 'UTC' end
  where t.item_id = v_item.id;
  return v_item;
end
$$;

grant execute on function daemon.budget_left(bigint) to coffee_daemon;
