-- What happens to a claimed item. Each function checks the fence first: a zombie changes nothing.
-- Locks are taken in one order everywhere: project, item, lease, attempt, notification. So a person
-- who blocks an item and the daemon that finishes it at that moment never wait for each other.

-- Progress hints are throttled without a row lock; a dropped one is made up for by the next poll.
create function priv.hint_progress(p_attempt bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_now bigint := extract(epoch from clock_timestamp()) * 1000;
begin
  -- Either way: a clock that was set back must not silence the hints until it catches up.
  if abs(v_now - (select h.last_value from daemon.progress_hints h)) >= 100 then
    perform setval('daemon.progress_hints', v_now);
    perform pg_notify('coffee_progress', p_attempt::text);
  end if;
end
$$;

create function daemon.record_step(
  p_item bigint, p_fence bigint, p_kind text, p_summary text, p_detail jsonb default null)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_task daemon.task_queue := priv.hold(p_item, p_fence, 'work');
begin
  insert into coffee.attempt_steps (attempt_id, step, project_id, kind, summary, detail)
  select v_task.attempt_id, coalesce(max(s.step), 0) + 1, a.project_id, p_kind, left(p_summary, 2000), p_detail
  from coffee.attempts a left join coffee.attempt_steps s on s.attempt_id = a.id
  where a.id = v_task.attempt_id group by a.project_id;
  perform priv.hint_progress(v_task.attempt_id);
end
$$;

-- p_facts: any of branch, base_commit, commit_hash, diff_stat, last_output, worked_s, cost_usd and the
-- four token counts; other keys are passed over, above all those that name other rows. Totals of the
-- attempt so far, not differences. p_outcome ends the attempt; null: it goes on.
create function priv.write_facts(
  p_attempt bigint, p_facts jsonb, p_outcome coffee.attempt_outcome, p_reason text)
returns coffee.attempts
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_new coffee.attempts;
begin
  select * into v_new from coffee.attempts a where a.id = p_attempt;
  v_new := jsonb_populate_record(v_new, (
    select jsonb_object_agg(f.key, f.value) from jsonb_each(p_facts) f
    where f.key in ('branch', 'base_commit', 'commit_hash', 'diff_stat', 'last_output', 'worked_s', 'cost_usd',
      'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens')));
  update coffee.attempts a set
    branch = v_new.branch, base_commit = v_new.base_commit, commit_hash = v_new.commit_hash,
    diff_stat = v_new.diff_stat, last_output = right(v_new.last_output, 20000),
    worked_s = greatest(a.worked_s, v_new.worked_s),
    cost_day = case when v_new.cost_usd > a.cost_usd then greatest(a.cost_day, priv.utc_today()) else a.cost_day end,
    cost_before_day_usd = case
      when v_new.cost_usd > a.cost_usd and a.cost_day < priv.utc_today() then a.cost_usd
      else a.cost_before_day_usd end,
    cost_usd = greatest(a.cost_usd, v_new.cost_usd),
    input_tokens = greatest(a.input_tokens, v_new.input_tokens),
    output_tokens = greatest(a.output_tokens, v_new.output_tokens),
    cache_read_tokens = greatest(a.cache_read_tokens, v_new.cache_read_tokens),
    cache_write_tokens = greatest(a.cache_write_tokens, v_new.cache_write_tokens),
    ended_at = case when p_outcome is not null then clock_timestamp() end,
    outcome = p_outcome, reason = left(p_reason, 20000)
  where a.id = p_attempt and a.ended_at is null
  returning * into v_new;
  return v_new;
end
$$;

create function daemon.update_attempt(p_item bigint, p_fence bigint, p_facts jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_item coffee.roadmap_items := priv.must_item(p_item);
  v_task daemon.task_queue := priv.hold(p_item, p_fence, 'work');
  v_attempt coffee.attempts := priv.write_facts(v_task.attempt_id, p_facts, null, null);
begin
  if v_attempt.branch <> coalesce(v_item.branch, '') then
    update coffee.roadmap_items i set branch = v_attempt.branch where i.id = p_item;
  end if;
  perform priv.hint_progress(v_task.attempt_id);
end
$$;

create function priv.tell(
  p_item coffee.roadmap_items, p_attempt bigint, p_kind text, p_priority text, p_title text,
  p_message text, p_context jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Not through coffee.ask: nothing here is a client's word, and a daemon that has asked too much can
  -- still end its attempt.
  perform priv.post(p_item.project_id, p_kind::coffee.notification_kind, p_priority::coffee.notification_priority,
    regexp_replace(left(p_title, 300), priv.unprintable(), ' ', 'g'), left(p_message, 20000),
    priv.key_scope(priv.me(), priv.my_kind(), p_attempt), format('%s:%s:%s', p_kind, p_item.id, p_item.version),
    p_item.id, p_attempt, p_context);
end
$$;

-- Ends an attempt. review: up for people. no_change, failed, timed_out: again after a growing pause,
-- until max_attempts; then blocked. over_budget: blocked where it is the item's own budget; where it is
-- the day's, the attempt stays open and goes on another day. Returns the item as it is now.
create function daemon.finish(
  p_item bigint, p_fence bigint, p_outcome coffee.attempt_outcome, p_reason text default null,
  p_facts jsonb default '{}')
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_item coffee.roadmap_items := priv.must_item(p_item);
  v_task daemon.task_queue := priv.hold(p_item, p_fence, 'work');
  v_attempt coffee.attempts := priv.write_facts(v_task.attempt_id, p_facts, null, null);
  v_project coffee.projects;
  v_tries integer;
  v_title text := format('%s. %s', v_item.number, v_item.title);
begin
  if p_outcome is null then
    perform priv.fail('CR002', 'an attempt ends with an outcome');
  end if;
  if p_outcome = 'over_budget' and priv.day_stops(v_item) then
    return priv.adjourn(v_item, p_fence, v_attempt);
  end if;
  v_attempt := priv.write_facts(v_attempt.id, '{}', p_outcome, p_reason);
  update coffee.notifications n set state = 'withdrawn'
  where n.attempt_id = v_attempt.id and n.state = 'pending';
  if found then
    perform pg_notify('coffee_notifications', '');
  end if;

  v_item.branch := coalesce(v_attempt.branch, v_item.branch);
  if p_outcome = 'review' then
    delete from daemon.task_queue t where t.item_id = p_item;
    v_item.commit_hash := v_attempt.commit_hash;
    v_item := priv.move_state(v_item, 'in_review', 'review', p_reason);
    perform priv.tell(v_item, v_attempt.id, 'completion', 'normal', v_title || ' is up for review',
      coalesce(p_reason, ''), jsonb_build_object('branch', v_attempt.branch, 'commit', v_attempt.commit_hash,
        -- Of a change too large for a message the attempt has the numbers.
        'diff_stat', case when length(v_attempt.diff_stat::text) <= 20000 then v_attempt.diff_stat end,
        'cost_usd', priv.spent_on_attempt(v_attempt.id)));
    return v_item;
  end if;

  select * into v_project from coffee.projects p where p.id = v_item.project_id;
  select count(*) into v_tries from coffee.attempts a
  where a.item_id = p_item and a.started_at >= v_item.tries_since
    and a.outcome in ('no_change', 'failed', 'timed_out');
  if p_outcome = 'over_budget' or v_tries >= v_project.max_attempts then
    delete from daemon.task_queue t where t.item_id = p_item;
    v_item := priv.move_state(v_item, 'blocked', 'block', coalesce(p_reason, p_outcome::text));
    perform priv.tell(v_item, v_attempt.id, 'error', 'high',
      case p_outcome when 'over_budget' then v_title || ' is blocked: its budget is spent'
        else format('%s is blocked after %s attempts', v_title, v_tries) end,
      concat_ws(E'\n\n', p_reason, 'Last output:' || E'\n' || nullif(right(v_attempt.last_output, 4000), '')),
      jsonb_build_object('reason', p_outcome, 'attempts', v_tries, 'cost_usd', priv.spent_on_attempt(v_attempt.id)));
    return v_item;
  end if;

  v_item := priv.move_state(v_item, 'planned', 'release', coalesce(p_reason, p_outcome::text));
  update daemon.task_queue t set lease_until = null, instance = null, attempt_id = null,
    retry_after = now() + v_project.backoff_s * interval '1 s' * power(2, greatest(v_tries, 1) - 1)
  where t.item_id = p_item;
  return v_item;
end
$$;

-- p_outcome: merged, conflict (planned again, the reason goes into the next attempt), refused (stays
-- under review, no longer accepted), later (tried again after a pause).
create function daemon.finish_merge(
  p_item bigint, p_fence bigint, p_outcome text, p_commit text, p_reason text default null)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_item coffee.roadmap_items := priv.must_item(p_item);
  v_task daemon.task_queue := priv.hold(p_item, p_fence, 'merge');
  v_title text := format('%s. %s', v_item.number, v_item.title);
begin
  if p_outcome = 'later' then
    update daemon.task_queue t set lease_until = null, instance = null, retry_after = now() + interval '30 s'
    where t.item_id = p_item;
    -- Once, however often it is tried: the key holds the item's version.
    perform priv.tell(v_item, null, 'warning', 'normal', v_title || ' waits to be merged',
      coalesce(p_reason, ''), '{}');
    return v_item;
  end if;
  delete from daemon.task_queue t where t.item_id = p_item;
  if p_outcome = 'merged' then
    update coffee.roadmap_items i set feedback = null where i.id = p_item;
    v_item := priv.move_state(v_item, 'done', 'merge', p_commit);
    perform priv.tell(v_item, null, 'completion', 'low', v_title || ' is done', coalesce(p_reason, ''),
      jsonb_build_object('commit', p_commit));
  elsif p_outcome = 'conflict' then
    update coffee.roadmap_items i set feedback = left(p_reason, 20000), tries_since = clock_timestamp()
    where i.id = p_item;
    v_item := priv.move_state(v_item, 'planned', 'reopen', p_reason);
    perform priv.tell(v_item, null, 'warning', 'normal', v_title || ' does not merge; it is planned again',
      coalesce(p_reason, ''), '{}');
  elsif p_outcome = 'refused' then
    update coffee.roadmap_items i set accepted_at = null, accepted_by = null, version = i.version + 1
    where i.id = p_item returning * into v_item;
    perform priv.log_change(v_item, 'release', null, null, p_reason);
    perform priv.tell(v_item, null, 'error', 'high', v_title || ' could not be merged',
      coalesce(p_reason, ''), '{}');
  else
    perform priv.fail('CR002', format('unknown outcome of a merge: %s', p_outcome));
  end if;
  return v_item;
end
$$;

grant execute on function
  daemon.record_step(bigint, bigint, text, text, jsonb), daemon.update_attempt(bigint, bigint, jsonb),
  daemon.finish(bigint, bigint, coffee.attempt_outcome, text, jsonb),
  daemon.finish_merge(bigint, bigint, text, text, text)
to coffee_daemon;
