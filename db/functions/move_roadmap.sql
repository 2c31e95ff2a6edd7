-- What a move did to a roadmap, taken back: a priority that it brought and nobody has touched since goes, one
-- that it changed is as it was. Their history stays and says so.

-- The text before the first priority, in the journal by the name of its table.
create function priv.journal_preamble() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.move_changes (person_id, batch_id, relation, row_key, before, after_hash)
  select b.person_id, b.id, 'coffee.projects', jsonb_build_array(new.id),
    jsonb_build_object('roadmap_preamble', old.roadmap_preamble), md5(new.roadmap_preamble)::uuid
  from coffee.move_batches b where b.writing = pg_current_xact_id_if_assigned();
  return null;
end
$$;
grant execute on function priv.journal_preamble() to coffee_owner; -- creates the trigger

-- Until the end of the transaction nobody claims, edits or moves them.
create function priv.hold_roadmap(p_person uuid, p_batch integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_items bigint[] := array(select (c.row_key ->> 0)::bigint
    from priv.journal_of(p_person, p_batch, 'coffee.roadmap_items') c);
begin
  perform from coffee.projects p
  where p.id in (select i.project_id from coffee.roadmap_items i where i.id = any (v_items)
    union all select (c.row_key ->> 0)::uuid from priv.journal_of(p_person, p_batch, 'coffee.projects') c)
  order by p.id for no key update;
  perform from coffee.roadmap_items i where i.id = any (v_items) order by i.id for update;
end
$$;

-- The items of a batch, how each was before (null: not there), and whether it is as the batch left it. One
-- that is being worked on is not, one that it brought neither where it was ever worked on or asked about, nor is
-- one of a project that the caller has left.
create function priv.moved_items(p_person uuid, p_batch integer)
returns table (item_id bigint, before jsonb, as_left boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select (c.row_key ->> 0)::bigint, c.before,
    i.id is not null and i.project_id = any (priv.my_projects())
    and md5((to_jsonb(i) - '{version,updated_at}'::text[])::text)::uuid is not distinct from c.after_hash
    and not exists (select from coffee.attempts a where a.item_id = i.id and a.ended_at is null)
    and (c.before is not null or not (
      exists (select from coffee.attempts a where a.item_id = i.id)
      or exists (select from coffee.notifications n where n.item_id = i.id)
      or exists (select from coffee.daemon_status d where d.item_id = i.id)))
  from priv.journal_of(p_person, p_batch, 'coffee.roadmap_items') c
  left join coffee.roadmap_items i on i.id = (c.row_key ->> 0)::bigint
$$;

-- The numbers of those that stay as they are now, in the order of work.
create function priv.items_left(p_person uuid, p_batch integer) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(i.number order by i.position, i.id), '{}')
  from priv.moved_items(p_person, p_batch) m join coffee.roadmap_items i on i.id = m.item_id
  where not m.as_left
$$;

create function priv.preambles_left(p_person uuid, p_batch integer) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*) from priv.journal_of(p_person, p_batch, 'coffee.projects') c
  join coffee.projects p on p.id = (c.row_key ->> 0)::uuid
  where md5(p.roadmap_preamble)::uuid <> c.after_hash or p.id <> all (priv.my_projects())
$$;

create function priv.take_back_roadmap(p_person uuid, p_batch integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_reason text := format('move-in batch %s was taken back', p_batch);
  v_moved record;
  v_item coffee.roadmap_items;
  v_old coffee.roadmap_items;
  v_now coffee.roadmap_items;
begin
  for v_moved in
    select m.* from priv.moved_items(p_person, p_batch) m where m.as_left order by m.item_id
  loop
    select * into v_item from coffee.roadmap_items i where i.id = v_moved.item_id;
    if v_moved.before is null then
      perform priv.log_change(v_item, 'withdraw', jsonb_build_object(
        'number', v_item.number, 'title', v_item.title, 'state', v_item.state), null, v_reason);
      delete from coffee.roadmap_items i where i.id = v_item.id;
      continue;
    end if;
    v_old := jsonb_populate_record(null::coffee.roadmap_items, v_moved.before);
    if v_old.state <> v_item.state then
      perform priv.move_state(v_item, v_old.state, 'import', v_reason);
    end if;
    update coffee.roadmap_items i set position = v_old.position, title = v_old.title, body = v_old.body,
      source = v_old.source, feedback = v_old.feedback, branch = v_old.branch, commit_hash = v_old.commit_hash,
      accepted_at = v_old.accepted_at, accepted_by = v_old.accepted_by, tries_since = v_old.tries_since,
      version = i.version + 1, updated_at = now()
    where i.id = v_item.id returning * into v_now;
    perform priv.log_change(v_now, 'withdraw', jsonb_build_object('title', v_item.title, 'body', v_item.body),
      jsonb_build_object('title', v_now.title, 'body', v_now.body), v_reason);
  end loop;
  update coffee.projects p set roadmap_preamble = c.before ->> 'roadmap_preamble'
  from priv.journal_of(p_person, p_batch, 'coffee.projects') c
  where p.id = (c.row_key ->> 0)::uuid and md5(p.roadmap_preamble)::uuid = c.after_hash
    and p.id = any (priv.my_projects());
end
$$;
