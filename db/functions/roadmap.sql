-- The roadmap, for people. Every change is compare-and-set, writes history and hints listeners.

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
      format('%s %s is %s: it cannot be moved to %s', 'item', p_item.number, p_item.state, p_to),
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

-- Numbers of nine digits do not count: after the largest of them there is none.
create function priv.free_number(p_project uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (coalesce(max(split_part(i.number, '.', 1)::bigint), 0) + 1)::text
  from coffee.roadmap_items i where i.project_id = p_project and i.number ~ '^[0-9]{1,8}(\.|$)'
$$;

-- Position between the neighbours; p_before null: last.
create function priv.free_position(p_project uuid, p_before bigint) returns double precision
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_next double precision;
  v_previous double precision;
begin
  if p_before is null then
    return coalesce((select max(i.position) from coffee.roadmap_items i where i.project_id = p_project), 0) + 1;
  end if;
  select i.position into v_next from coffee.roadmap_items i where i.id = p_before and i.project_id = p_project;
  if v_next is null then
    perform priv.fail('CR004', 'there is no such item to put it before', 'coffee-roadmap roadmap list');
  end if;
  select max(i.position) into v_previous from coffee.roadmap_items i
  where i.project_id = p_project and i.position < v_next;
  return (coalesce(v_previous, v_next - 2) + v_next) / 2;
end
$$;

-- Halving runs out of bits after some fifty moves into one gap; then everything is numbered anew.
create function priv.spread_positions(p_project uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update coffee.roadmap_items i set position = n.position
  from (select id, row_number() over (order by position, id)::double precision as position
        from coffee.roadmap_items where project_id = p_project) n
  where i.id = n.id and i.position <> n.position
$$;

create function coffee.add_item(
  p_project uuid, p_title text, p_body text default '', p_number text default null,
  p_before bigint default null)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_project coffee.projects := priv.must_project(p_project);
  v_row coffee.roadmap_items;
begin
  -- One at a time per project: numbers and positions are made from what is there.
  perform from coffee.projects p where p.id = p_project for no key update;
  begin
    insert into coffee.roadmap_items (project_id, number, position, title, body, created_by)
    values (p_project, coalesce(p_number, priv.free_number(p_project)),
      priv.free_position(p_project, p_before), trim(p_title), coalesce(p_body, ''), v_me)
    returning * into v_row;
  exception when unique_violation then
    perform priv.fail('CR001', format('there is already a priority %s', p_number),
      'Leave the number out, or use a decimal such as 2.5.');
  end;
  perform priv.log_change(v_row, 'add', null,
    jsonb_build_object('number', v_row.number, 'title', v_row.title), null);
  return v_row;
end
$$;

-- null: as it is. p_version: the version that the person has seen.
create function coffee.edit_item(
  p_item bigint, p_version bigint, p_title text default null, p_body text default null)
returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.roadmap_items := priv.must_item(p_item);
  v_row coffee.roadmap_items;
begin
  if p_version is not null and v_old.version <> p_version then
    perform priv.fail('CR001', format('priority %s was changed meanwhile', v_old.number),
      'Look at it again, then repeat your edit.');
  end if;
  update coffee.roadmap_items i set
    title = coalesce(trim(p_title), i.title), body = coalesce(p_body, i.body),
    version = i.version + 1, updated_at = now()
  where i.id = p_item returning * into v_row;
  perform priv.log_change(v_row, 'edit',
    jsonb_build_object('title', v_old.title, 'body', v_old.body),
    jsonb_build_object('title', v_row.title, 'body', v_row.body), null);
  return v_row;
end
$$;

create function coffee.move_item(p_item bigint, p_before bigint) returns coffee.roadmap_items
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.roadmap_items;
  v_row coffee.roadmap_items;
  v_position double precision;
begin
  perform from coffee.projects p
  where p.id = (select i.project_id from coffee.roadmap_items i where i.id = p_item)
    and p.id = any (priv.my_projects())
  for no key update;
  v_old := priv.must_item(p_item);
  v_position := priv.free_position(v_old.project_id, p_before);
  if exists (select from coffee.roadmap_items i
             where i.project_id = v_old.project_id and i.position = v_position) then
    perform priv.spread_positions(v_old.project_id);
    v_position := priv.free_position(v_old.project_id, p_before);
  end if;
  update coffee.roadmap_items i set position = v_position, version = i.version + 1, updated_at = now()
  where i.id = p_item returning * into v_row;
  perform priv.log_change(v_row, 'move', jsonb_build_object('position', v_old.position),
    jsonb_build_object('position', v_row.position), null);
  return v_row;
end
$$;

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
    perform priv.fail('CR001', format('priority %s was accepted by %s already', v_old.number,
      priv.name_of(v_old.accepted_by)), 'The daemon merges it.');
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
  delete from daemon.task_queue t where t.item_id = p_item and coalesce(t.lease_until, '-infinity') < now();
  if v_old.state = 'planned' then -- waiting out a backoff: now
    perform priv.log_change(v_old, 'retry', null, null, null);
    return v_old;
  end if;
  return priv.move_state(v_old, 'planned', 'retry');
end
$$;

-- What an import found: [{number, title, state, body, source}], in the file's order. Never deletes,
-- and never moves an item that a daemon may hold.
create function coffee.import_items(p_project uuid, p_preamble text, p_items jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_project coffee.projects := priv.must_project(p_project);
  v_entry record;
  v_old coffee.roadmap_items;
  v_new coffee.roadmap_items;
  v_changed integer := 0;
begin
  perform from coffee.projects p where p.id = p_project for no key update;
  update coffee.projects p set roadmap_preamble = p_preamble
  where p.id = p_project and p_preamble is not null and p.roadmap_preamble <> p_preamble;
  for v_entry in
    select e.* from jsonb_array_elements(p_items) with ordinality a (value, nth)
    cross join lateral jsonb_to_record(a.value)
      as e (number text, title text, state coffee.item_state, body text, source jsonb)
    order by a.nth
  loop
    select * into v_old from coffee.roadmap_items i
    where i.project_id = p_project and i.number = v_entry.number for no key update;
    if v_old.id is null then
      insert into coffee.roadmap_items
        (project_id, number, position, title, body, state, source, created_by)
      values (p_project, v_entry.number, priv.free_position(p_project, null), v_entry.title,
        v_entry.body, v_entry.state, v_entry.source, v_me)
      returning * into v_new;
      perform priv.log_change(v_new, 'import', null,
        jsonb_build_object('number', v_new.number, 'title', v_new.title, 'state', v_new.state), null);
      v_changed := v_changed + 1;
      continue;
    end if;
    if (v_old.title, v_old.body, v_old.source) is distinct from (v_entry.title, v_entry.body, v_entry.source) then
      update coffee.roadmap_items i set title = v_entry.title, body = v_entry.body,
        source = v_entry.source, version = i.version + 1, updated_at = now()
      where i.id = v_old.id returning * into v_new;
      perform priv.log_change(v_new, 'import',
        jsonb_build_object('title', v_old.title, 'body', v_old.body),
        jsonb_build_object('title', v_new.title, 'body', v_new.body), null);
      v_changed := v_changed + 1;
      v_old := v_new;
    end if;
    if v_old.state <> v_entry.state and v_old.state not in ('in_progress', 'in_review')
      and v_entry.state not in ('in_progress', 'in_review') then
      perform priv.move_state(v_old, v_entry.state, 'import');
      v_changed := v_changed + 1;
    end if;
  end loop;
  if v_changed > 0 then
    perform audit.record('roadmap.import', jsonb_build_object('project', p_project, 'changed', v_changed));
  end if;
  return v_changed;
end
$$;

grant execute on function
  coffee.add_item(uuid, text, text, text, bigint), coffee.edit_item(bigint, bigint, text, text),
  coffee.move_item(bigint, bigint), coffee.accept_item(bigint, text), coffee.reopen_item(bigint, text),
  coffee.block_item(bigint, text), coffee.retry_item(bigint), coffee.import_items(uuid, text, jsonb)
to coffee_user;
