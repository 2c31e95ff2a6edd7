-- What was read from a ROADMAP.md.

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
      if exists (select from coffee.attempts a where a.item_id = v_old.id and a.ended_at is null) then
        perform priv.stop_attempt(v_old, 'imported as ' || v_entry.state); -- it waited for money
      end if;
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

grant execute on function coffee.import_items(uuid, text, jsonb) to coffee_user;
