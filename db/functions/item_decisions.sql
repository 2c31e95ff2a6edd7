-- What people decide about the work on an item: accept, reopen, block, retry.

-- Accepts work under review. With something to merge and merge = auto a daemon merges and then says
-- done; else it is done now. p_commit: the one that the person has looked at; null: whichever it is.
create function coffee.accept_item(p_item bigint, p_commit text default null)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.roadmap_items := priv.must_item(p_item);
  v_row coffee.roadmap_items;
begin
  if v_old.state <> 'in_review' then
    perform priv.fail('CR001', format('priority %s is %s, not in review', v_old.number, v_old.state),
      format('coffee-roadmap roadmap view %s', v_old.number));
  end if;
  if v_old.accepted_at is not null then
    raise exception using errcode = 'CR001', hint = 'The daemon merges it.',
      message = format('priority %s was accepted by %s already', v_old.number, priv.name_of(v_old.accepted_by)),
      detail = v_old.accepted_by::text; -- whose name that is: names are not for ever one person's
  end if;
  if p_commit is not null and p_commit is distinct from v_old.commit_hash then
    perform priv.fail('CR001', format('priority %s was worked on again meanwhile', v_old.number),
      'Look at it again, then accept it.');
  end if;
  update coffee.roadmap_items i set accepted_at = now(), accepted_by = v_me,
    version = i.version + 1, updated_at = now()
  where i.id = p_item returning * into v_row;
  perform audit.record('item.accept', jsonb_build_object('item', p_item, 'commit', v_old.commit_hash));
  if v_old.branch is null or (select p.merge from coffee.projects p where p.id = v_old.project_id) = 'manual' then
    return priv.move_state(v_row, 'done', 'accept');
  end if;
  perform priv.log_change(v_row, 'accept', null, jsonb_build_object('commit', v_row.commit_hash), null);
  return v_row;
end
$$;

create function coffee.reopen_item(p_item bigint, p_comment text) returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.roadmap_items := priv.must_item(p_item);
begin
  if v_old.state = 'in_review' and v_old.accepted_at is not null and exists (
    select from daemon.task_queue t where t.item_id = p_item and t.lease_until > now()
  ) then
    perform priv.fail('CR001', format('priority %s is being merged', v_old.number), 'Try again in a moment.');
  end if;
  update coffee.roadmap_items i set feedback = nullif(trim(p_comment), ''), tries_since = clock_timestamp()
  where i.id = p_item;
  delete from daemon.task_queue t where t.item_id = p_item;
  return priv.move_state(v_old, 'planned', 'reopen', nullif(trim(p_comment), ''));
end
$$;

-- Blocks an item; a running attempt is ended by its daemon at its next beat.
create function coffee.block_item(p_item bigint, p_reason text) returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.roadmap_items := priv.must_item(p_item);
begin
  perform priv.stop_attempt(v_old, coalesce(nullif(trim(p_reason), ''), 'blocked by ' || priv.name_of(v_me)));
  return priv.move_state(v_old, 'blocked', 'block', nullif(trim(p_reason), ''));
end
$$;

-- Ends the open attempt, if there is one, in the books; the daemon that runs it loses its lease.
create function priv.stop_attempt(p_item coffee.roadmap_items, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update coffee.attempts a set ended_at = now(), outcome = 'stopped', reason = p_reason
  where a.item_id = p_item.id and a.ended_at is null;
  delete from daemon.task_queue t where t.item_id = p_item.id;
  update coffee.notifications n set state = 'withdrawn'
  where n.item_id = p_item.id and n.state = 'pending';
  perform pg_notify('coffee_control', p_item.id::text);
  perform pg_notify('coffee_notifications', '');
end
$$;

create function coffee.retry_item(p_item bigint) returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.roadmap_items := priv.must_item(p_item);
begin
  update coffee.roadmap_items i set tries_since = clock_timestamp() where i.id = p_item;
  -- Not deleted: an attempt that waits for money goes on in its clone.
  update daemon.task_queue t set retry_after = null
  where t.item_id = p_item and coalesce(t.lease_until, '-infinity') < now();
  if v_old.state = 'planned' then -- waiting out a backoff: now
    perform priv.log_change(v_old, 'retry', null, null, null);
    return v_old;
  end if;
  return priv.move_state(v_old, 'planned', 'retry');
end
$$;

grant execute on function
  coffee.accept_item(bigint, text), coffee.reopen_item(bigint, text), coffee.block_item(bigint, text),
  coffee.retry_item(bigint)
to coffee_user;
