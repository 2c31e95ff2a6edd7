-- The roadmap's items, for people: added, edited, moved. Every change is compare-and-set.

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

grant execute on function
  coffee.add_item(uuid, text, text, text, bigint), coffee.edit_item(bigint, bigint, text, text),
  coffee.move_item(bigint, bigint)
to coffee_user;
