-- Traces and notifications out of older systems, in the transaction of a move, into a project of a team
-- that the caller is in.

-- p_batch as coffee.ingest_traces takes it, at most 10,000 events, each of another row. What is here under
-- an id of theirs and belongs to an attempt is refused, as with a project key. Returns {inserted, revised,
-- duplicate, refused, conflicts, reasons, refused_rows: [{id, reason}]}: rows that changed, by the journal.
create function coffee.move_in_traces(p_project uuid, p_batch jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- What a transaction has brought has no statistics but its size: a plan that was made when the tables were
-- empty would read all of a project's rows for each of a batch.
set plan_cache_mode = force_custom_plan as $$
declare
  v_me uuid := priv.must_be('person');
  v_batch coffee.move_batches := priv.open_move(v_me);
  v_last bigint;
  v_refused jsonb;
  v_new bigint;
  v_more bigint;
begin
  perform priv.must_project(p_project);
  select coalesce(max(c.n), 0) into v_last from coffee.move_changes c
  where c.person_id = v_me and c.batch_id = v_batch.id;
  select coalesce(jsonb_agg(jsonb_build_object('id', i.event_id, 'reason', i.reason)), '[]') into v_refused
  from priv.ingest_events(p_project, null, null, null, p_batch) i where i.status = 'refused';
  select count(*) filter (where r.fresh), count(*) filter (where not r.fresh) into v_new, v_more
  from (
    select bool_or(c.before is null) as fresh from coffee.move_changes c
    where c.person_id = v_me and c.batch_id = v_batch.id and c.n > v_last
      and c.relation in ('coffee.traces', 'coffee.generations', 'coffee.spans', 'coffee.events', 'coffee.scores')
    group by c.relation, c.row_key) r;
  return jsonb_build_object('inserted', v_new, 'revised', v_more,
    'duplicate', jsonb_array_length(p_batch) - v_new - v_more - jsonb_array_length(v_refused),
    'refused', jsonb_array_length(v_refused), 'conflicts', 0,
    'reasons', case when v_refused = '[]' then '{}' else jsonb_build_object('trace', jsonb_array_length(v_refused)) end,
    'refused_rows', v_refused);
end
$$;

-- p_rows: [{key, kind, priority, title, message, context, answer, created_at, answered_at}], at most 5,000.
-- What was never answered is withdrawn: nobody waits for it any more. An answer is the caller's, whose system
-- it was. One that came before and has an answer now is revised. Returns counts as coffee.move_in_days does.
create function coffee.move_in_notifications(p_project uuid, p_rows jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_kind text := (priv.open_move(v_me)).kind;
  v_name text := (select w.name from priv.principals w where w.id = v_me);
  v_refused jsonb;
  v_counts jsonb;
begin
  perform priv.must_project(p_project);
  if jsonb_typeof(p_rows) is distinct from 'array' or jsonb_array_length(p_rows) > 5000 then
    perform priv.fail('CR002', 'a call moves at most 5,000 notifications');
  end if;
  with read as materialized (
    select r.*, regexp_replace(btrim(coalesce(r.title, '')), priv.unprintable(), ' ', 'g') as shown, case
        when coalesce(length(r.key), 0) not between 1 and 200 then 'nameless'
        when priv.wrong_time(r.created_at) or r.answer is not null and priv.wrong_time(r.answered_at) then 'time'
        when coalesce(r.kind, '') not in ('question', 'info', 'warning', 'error', 'completion')
          or coalesce(r.priority, '') not in ('critical', 'high', 'normal', 'low') then 'kind'
        when coalesce(length(btrim(r.title)), 0) not between 1 and 300 or length(r.message) > 20000
          or length(r.answer) > 20000 or length(r.context::text) > 50000 then 'too_long'
        when jsonb_typeof(r.context) is distinct from 'object' then 'context'
      end as reason
    from jsonb_to_recordset(p_rows) r (key text, kind text, priority text, title text, message text, context jsonb,
      answer text, created_at timestamptz, answered_at timestamptz)
  ), written as (
    insert into coffee.notifications as n (project_id, kind, priority, title, message, free_text, context, asked_by,
      asked_by_name, key_scope, key, state, answer, answered_by, answered_by_name, answered_via, answered_at, created_at)
    select distinct on (r.key) p_project, r.kind::coffee.notification_kind, r.priority::coffee.notification_priority,
      r.shown, coalesce(r.message, ''), r.kind = 'question', r.context, v_me, v_kind, 'moved:' || v_kind, r.key,
      s.state, a.answer, case when a.answered then v_me end, case when a.answered then v_name end,
      case when a.answered then 'moved' end, case when a.answered then r.answered_at end, r.created_at
    from read r
    cross join lateral (select r.kind = 'question' and nullif(r.answer, '') is not null as answered,
      case when r.kind = 'question' then nullif(r.answer, '') end as answer) a
    cross join lateral (select case when r.kind <> 'question' then 'posted' when a.answered then 'answered'
      else 'withdrawn' end::coffee.notification_state as state) s
    where r.reason is null order by r.key
    on conflict (project_id, key_scope, key) do update set state = excluded.state, answer = excluded.answer,
      answered_by = excluded.answered_by, answered_by_name = excluded.answered_by_name,
      answered_via = excluded.answered_via, answered_at = excluded.answered_at, context = excluded.context
    where n.state = 'withdrawn' and excluded.state = 'answered'
    returning xmax = 0 as fresh
  )
  select jsonb_build_object('inserted', (select count(*) from written w where w.fresh),
      'revised', (select count(*) from written w where not w.fresh),
      'duplicate', (select count(*) from read r where r.reason is null) - (select count(*) from written)),
    coalesce((select jsonb_agg(jsonb_build_object('reason', r.reason, 'id', r.key)) from read r
      where r.reason is not null), '[]')
  into v_counts, v_refused;
  return v_counts || jsonb_build_object('refused', jsonb_array_length(v_refused), 'conflicts', 0,
    'reasons', priv.refusals(v_refused), 'refused_rows', v_refused);
end
$$;

grant execute on function coffee.move_in_traces(uuid, jsonb), coffee.move_in_notifications(uuid, jsonb) to coffee_user;
