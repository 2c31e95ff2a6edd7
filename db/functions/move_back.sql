-- Taking back what a move brought: exactly the rows that were there before it.

-- As SQL: whether anything of that machine is there.
create function priv.machine_in_use(p_machine text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select string_agg(format('exists (select from coffee.%I u where u.person_id = %2$s.person_id and u.machine_id = %2$s.id)',
    r.relation, p_machine), ' or ')
  from unnest(array['machine_tokens', 'machine_cursors', 'import_problems', 'day_uploads', 'usage_records',
    'phrase_records', 'phrase_archives', 'message_texts', 'activity_events', 'agent_sessions', 'work_folders',
    'streams', 'stream_assignments']) r (relation)
$$;

-- Everything as it was before the batch. Refuses where rows of it were changed since, but for
-- p_keep_changed, which leaves these as they are now. Machines, problems of the import and ids of trace
-- events, which are kept for a week, are the exception: a machine that has reported since stays. Of a roadmap
-- see move_roadmap.sql. Returns {changes, kept, priorities: the numbers of those that are among the kept}.
create function coffee.roll_back_move_in(p_batch integer, p_keep_changed boolean default false) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set jit = off as $$
declare
  v_me uuid := priv.must_be('person');
  v_batch coffee.move_batches;
  -- What refers to others before what is referred to.
  v_order text[] := array['coffee.day_uploads', 'coffee.usage_records', 'coffee.stream_assignments',
    'coffee.stream_tags', 'coffee.streams', 'coffee.activity_events', 'coffee.agent_sessions', 'coffee.work_folders',
    'coffee.generations', 'coffee.spans', 'coffee.events', 'coffee.scores', 'coffee.traces',
    'coffee.trace_event_ids', 'coffee.notifications', 'coffee.import_problems', 'coffee.machines'];
  v_present text[];
  v_relation text;
  v_items text[] := '{}';
  v_kept bigint := 0;
  v_changes bigint;
begin
  perform priv.lock_imports(v_me);
  select * into v_batch from coffee.move_batches b where b.person_id = v_me and b.id = p_batch for update;
  if v_batch.id is null then
    perform priv.fail('CR004', format('you have no batch %s', p_batch), 'List them: coffee-roadmap move-in list.');
  end if;
  if v_batch.rolled_back_at is not null then
    perform priv.fail('CR001', format('batch %s was rolled back already', p_batch));
  end if;
  select coalesce(array_agg(c.relation), '{}'), coalesce(sum(c.n), 0) into v_present, v_changes
  from (select c.relation, count(*) as n from coffee.move_changes c
    where c.person_id = v_me and c.batch_id = p_batch group by c.relation) c;
  v_order := array(select o.name from unnest(v_order) with ordinality o (name, n)
    where o.name = any (v_present) order by o.n);
  -- The keys of these begin with the project. One that reports meanwhile waits, and changes no row that goes.
  perform priv.lock_traces(p.id)
  from (
    select distinct (c.row_key ->> 0)::uuid as id from coffee.move_changes c
    where c.person_id = v_me and c.batch_id = p_batch
      and c.relation in ('coffee.traces', 'coffee.generations', 'coffee.spans', 'coffee.events', 'coffee.scores')
    order by 1
  ) p;
  foreach v_relation in array v_order loop
    if v_relation not in ('coffee.import_problems', 'coffee.machines', 'coffee.trace_event_ids') then
      v_kept := v_kept + priv.changed_since(v_me, p_batch, v_relation);
    end if;
  end loop;
  if v_present && array['coffee.roadmap_items', 'coffee.projects'] then
    perform priv.hold_roadmap(v_me, p_batch);
    v_items := priv.items_left(v_me, p_batch);
    v_kept := v_kept + cardinality(v_items) + priv.preambles_left(v_me, p_batch);
  end if;
  if v_kept > 0 and p_keep_changed is not true then
    perform priv.fail('CR001', format('%s of what batch %s brought changed since%s', v_kept, p_batch,
        case when v_items <> '{}' then ', among them priority ' || array_to_string(v_items[1:10], ', ') else '' end),
      'Roll later batches back first, or leave those as they are: --keep-changed.');
  end if;
  if v_present && array['coffee.roadmap_items', 'coffee.projects'] then
    perform priv.take_back_roadmap(v_me, p_batch);
  end if;
  perform priv.leave_streams(v_me, p_batch);
  foreach v_relation in array v_order loop
    perform priv.take_back(v_me, p_batch, v_relation,
      case v_relation when 'coffee.machines' then priv.machine_in_use('t') else 'false' end);
  end loop;
  for i in reverse cardinality(v_order)..1 loop
    perform priv.give_back(v_me, p_batch, v_order[i]);
  end loop;
  if v_order && array['coffee.activity_events', 'coffee.streams', 'coffee.stream_assignments'] then
    perform priv.stale_time(v_me);
  end if;
  delete from coffee.move_changes c where c.person_id = v_me and c.batch_id = p_batch;
  update coffee.move_batches b set rolled_back_at = now() where b.person_id = v_me and b.id = p_batch;
  perform audit.record('move.back', jsonb_build_object('batch', p_batch, 'kind', v_batch.kind));
  return jsonb_build_object('changes', v_changes, 'kept', v_kept, 'priorities', to_jsonb(v_items));
end
$$;

grant execute on function coffee.roll_back_move_in(integer, boolean) to coffee_user;
