-- How an item changes its state, and what every change of one leaves behind: history, and a hint to listeners.

create function priv.must_item(p_item bigint) returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.roadmap_items;
begin
  select i.* into v_row from coffee.roadmap_items i
  where i.id = p_item and i.project_id = any (priv.my_projects())
  for no key update;
  if v_row.id is null then
    perform priv.fail('CR004', 'there is no such item', 'coffee-roadmap roadmap list');
  end if;
  return v_row;
end
$$;

create function priv.log_change(
  p_item coffee.roadmap_items, p_change coffee.history_change, p_before jsonb, p_after jsonb, p_reason text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.roadmap_history
    (project_id, item_id, changed_by, changed_by_name, change, before, after, reason)
  select p_item.project_id, p_item.id, w.id, w.name, p_change, p_before, p_after, left(p_reason, 20000)
  from priv.who() w;
  perform pg_notify('coffee_roadmap', p_item.id::text);
end
$$;

-- The one place that changes a state. The legal moves are rows of coffee.roadmap_moves. p_item is the
-- row as it was locked, or with another branch and commit, which are written along.
create function priv.change_state(
  p_item coffee.roadmap_items, p_to coffee.item_state, p_verb text, p_reason text)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.roadmap_items;
begin
  with mover as (
    select w.id, w.name from priv.who() w
    join coffee.roadmap_moves m on m.by_kind = w.kind
    where m.from_state = p_item.state and m.to_state = p_to and m.verb = p_verb
  ), logged as (
    insert into coffee.roadmap_history
      (project_id, item_id, changed_by, changed_by_name, change, before, after, reason)
    select p_item.project_id, p_item.id, mover.id, mover.name, p_verb::coffee.history_change,
      jsonb_build_object('state', p_item.state), jsonb_build_object('state', p_to), left(p_reason, 20000)
    from mover
  )
  update coffee.roadmap_items i set
    state = p_to, branch = p_item.branch, commit_hash = p_item.commit_hash,
    accepted_at = case when p_to in ('in_review', 'done') then i.accepted_at end,
    accepted_by = case when p_to in ('in_review', 'done') then i.accepted_by end,
    version = i.version + 1, updated_at = now()
  from mover where i.id = p_item.id
  returning i.* into v_row;
  if v_row.id is null then
    perform priv.fail('CR001',
      format('priority %s is %s: it cannot be moved to %s', p_item.number, p_item.state, p_to),
      format('coffee-roadmap roadmap history %s', p_item.number));
  end if;
  return v_row;
end
$$;

-- The same, and hints listeners.
create function priv.move_state(
  p_item coffee.roadmap_items, p_to coffee.item_state, p_verb text, p_reason text default null)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('coffee_roadmap', p_item.id::text);
  return priv.change_state(p_item, p_to, p_verb, p_reason);
end
$$;
