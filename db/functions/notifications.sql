-- Ask, answer, withdraw, expire. The first valid answer wins; everybody else is told who gave it.

-- Whose keys these are: of an attempt, whichever daemon works on it, or of one asker. Nobody can take
-- a key of somebody else's beforehand and have the answer to another question passed on as theirs.
create function priv.key_scope(p_asker uuid, p_kind coffee.principal_kind, p_attempt bigint) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return case when p_attempt is not null and p_kind = 'daemon' then 'attempt:' || p_attempt
    else p_asker::text end;
end
$$;

-- p_settings: any of kind, priority, options [{label, description}], multiple, free_text, item_id,
-- attempt_id, timeout_s with default_answer, context, key.
create function coffee.ask(
  p_project uuid, p_title text, p_message text default '', p_settings jsonb default '{}')
returns coffee.notifications
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_asker uuid := priv.must_be('person', 'agent', 'daemon');
  v_project coffee.projects := priv.must_project(p_project);
  v_item bigint := (p_settings ->> 'item_id')::bigint;
  v_attempt bigint := (p_settings ->> 'attempt_id')::bigint;
  v_me priv.principals;
  v_scope text;
  v_new coffee.notifications;
  v_row coffee.notifications;
begin
  select * into v_me from priv.principals w where w.id = v_asker;
  v_scope := priv.key_scope(v_me.id, v_me.kind, v_attempt);
  v_new.kind := coalesce((p_settings ->> 'kind')::coffee.notification_kind, 'question');
  v_new.options := coalesce(p_settings -> 'options', '[]');
  v_new.multiple := coalesce((p_settings ->> 'multiple')::boolean, false);
  v_new.free_text := coalesce((p_settings ->> 'free_text')::boolean, v_new.options = '[]');
  v_new.expires_at := now() + make_interval(secs => (p_settings ->> 'timeout_s')::double precision);
  v_new.default_answer := p_settings ->> 'default_answer';
  if v_item is not null and not exists (
    select from coffee.roadmap_items i where i.id = v_item and i.project_id = p_project
  ) then
    perform priv.fail('CR004', 'there is no such item in this project');
  end if;
  if v_attempt is not null and not exists (
    select from coffee.attempts a where a.id = v_attempt and a.project_id = p_project
      and (a.daemon_id = v_me.id or v_me.kind <> 'daemon')
  ) then
    perform priv.fail('CR004', 'there is no such attempt in this project');
  end if;
  if v_new.options <> '[]' and (
    select count(*) <> count(distinct lower(o ->> 'label')) or bool_or(
      jsonb_typeof(o) <> 'object' or coalesce(length(o ->> 'label'), 0) not between 1 and 200
      or coalesce(length(o ->> 'description'), 0) > 2000)
    from jsonb_array_elements(v_new.options) o
  ) then
    perform priv.fail('CR002', 'options are objects with a label of 1 to 200 characters, each another one');
  end if;
  if v_new.kind = 'question' and v_new.default_answer is not null then
    v_new.default_answer := priv.valid_answer(v_new, v_new.default_answer);
  elsif v_new.kind = 'question' and v_new.expires_at is not null then
    perform priv.fail('CR002', 'a question with a timeout says what is taken when it passes',
      'Give a default answer, or no timeout to wait for ever.');
  end if;

  if p_settings ? 'key' then
    select * into v_row from coffee.notifications n
    where n.project_id = p_project and n.key_scope = v_scope and n.key = p_settings ->> 'key';
    if v_row.id is not null then
      return v_row; -- asked before, by this process or the one that it takes over from
    end if;
  end if;
  if (select count(*) from coffee.notifications n
      where n.asked_by = v_me.id and n.created_at > now() - interval '1 hour') >= 500 then
    perform priv.fail('CR001', 'more than 500 notifications within an hour',
      'Something asks in a loop.');
  end if;

  insert into coffee.notifications (
    project_id, item_id, attempt_id, kind, priority, title, message, options, multiple, free_text,
    context, asked_by, asked_by_name, key_scope, key, expires_at, default_answer, state)
  values (
    p_project, v_item, v_attempt, v_new.kind,
    coalesce((p_settings ->> 'priority')::coffee.notification_priority, 'normal'),
    regexp_replace(p_title, priv.unprintable(), ' ', 'g'), coalesce(p_message, ''), v_new.options, v_new.multiple, v_new.free_text,
    coalesce(p_settings -> 'context', '{}'), v_me.id, v_me.name, v_scope,
    coalesce(p_settings ->> 'key', gen_random_uuid()::text), v_new.expires_at, v_new.default_answer,
    case when v_new.kind = 'question' then 'pending' else 'posted' end::coffee.notification_state)
  on conflict (project_id, key_scope, key) do nothing
  returning * into v_row;
  if v_row.id is null then -- somebody asked the same in this very moment
    select * into v_row from coffee.notifications n
    where n.project_id = p_project and n.key_scope = v_scope and n.key = p_settings ->> 'key';
    return v_row;
  end if;
  perform pg_notify('coffee_notifications', v_row.id::text);
  return v_row;
end
$$;

-- What only tells, once for each key. Returns false where that was told already.
create function priv.post(
  p_project uuid, p_kind coffee.notification_kind, p_priority coffee.notification_priority, p_title text,
  p_message text, p_scope text, p_key text, p_item bigint default null, p_attempt bigint default null,
  p_context jsonb default '{}')
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id bigint;
begin
  insert into coffee.notifications (project_id, item_id, attempt_id, kind, priority, title, message, context,
    asked_by, asked_by_name, key_scope, key, state)
  select p_project, p_item, p_attempt, p_kind, p_priority, p_title, p_message, p_context,
    w.id, w.name, p_scope, p_key, 'posted'
  from priv.who() w
  on conflict (project_id, key_scope, key) do nothing returning id into v_id;
  if v_id is not null then
    perform pg_notify('coffee_notifications', v_id::text);
  end if;
  return v_id is not null;
end
$$;

-- Where a team is told what is about none of its projects: its first.
create function priv.first_project(p_team uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.id from coffee.projects p where p.team_id = p_team
  order by p.archived_at is not null, p.created_at, p.id limit 1
$$;

-- The label that an answer means: itself in any case, or its place in the list.
create function priv.match_option(p_options jsonb, p_answer text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select o.value ->> 'label' from jsonb_array_elements(p_options) with ordinality o
  where lower(o.value ->> 'label') = lower(trim(p_answer)) or o.ordinality::text = trim(p_answer)
  order by lower(o.value ->> 'label') = lower(trim(p_answer)) desc limit 1
$$;

create function priv.valid_answer(p_row coffee.notifications, p_answer text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_answer text := trim(p_answer);
  v_label text := priv.match_option(p_row.options, v_answer);
  v_parts text[];
begin
  if v_label is not null then
    return v_label;
  end if;
  if p_row.multiple then
    -- Each once, in the order of the options: what "1, 1" and "2, 1" mean is not a matter of typing.
    select array_agg(distinct priv.match_option(p_row.options, part)) into v_parts
    from unnest(string_to_array(v_answer, ',')) part;
    if cardinality(v_parts) > 0 and array_position(v_parts, null) is null then
      return (select string_agg(o.value ->> 'label', ', ' order by o.ordinality)
        from jsonb_array_elements(p_row.options) with ordinality o where o.value ->> 'label' = any (v_parts));
    end if;
  end if;
  if p_row.free_text and length(v_answer) > 0 then
    return v_answer;
  end if;
  perform priv.fail('CR002', 'this is not one of the answers',
    (select string_agg(format('%s: %s', ordinality, value ->> 'label'), ', ' order by ordinality)
     from jsonb_array_elements(p_row.options) with ordinality));
  return null;
end
$$;

create function priv.answer_as(p_person uuid, p_id bigint, p_answer text, p_via text) returns coffee.notifications
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.notifications;
begin
  select n.* into v_row from coffee.notifications n
  where n.id = p_id and n.project_id = any (priv.my_projects()) for update;
  if v_row.id is null then
    perform priv.fail('CR004', format('there is no notification %s', p_id), 'coffee-roadmap notifications list');
  end if;
  if v_row.kind <> 'question' then
    perform priv.fail('CR002', format('notification %s asks nothing', p_id));
  end if;
  if v_row.state = 'pending' and v_row.expires_at <= clock_timestamp() then
    v_row := priv.expire(v_row);
  end if;
  if v_row.state <> 'pending' then
    perform priv.fail('CR001',
      case v_row.state
        when 'answered' then format('%s answered "%s" already', v_row.answered_by_name, left(v_row.answer, 200))
        when 'timed_out' then format('nobody answered in time; "%s" was taken', left(v_row.default_answer, 200))
        else 'the question was withdrawn' end,
      format('coffee-roadmap notifications show %s', p_id));
  end if;
  update coffee.notifications n set
    state = 'answered', answer = priv.valid_answer(v_row, p_answer), answered_by = p_person,
    answered_by_name = priv.name_of(p_person), answered_via = p_via, answered_at = clock_timestamp()
  where n.id = p_id returning * into v_row;
  perform audit.record('notification.answer', jsonb_build_object('id', p_id, 'person', p_person, 'via', p_via));
  perform pg_notify('coffee_notifications', p_id::text);
  return v_row;
end
$$;

create function coffee.answer(p_id bigint, p_answer text, p_via text default 'cli') returns coffee.notifications
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return priv.answer_as(priv.must_be('person'), p_id, p_answer, p_via);
end
$$;

create function priv.expire(p_row coffee.notifications) returns coffee.notifications
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.notifications;
begin
  update coffee.notifications n set state = 'timed_out', answer = n.default_answer, answered_at = n.expires_at
  where n.id = p_row.id and n.state = 'pending' returning * into v_row;
  perform pg_notify('coffee_notifications', p_row.id::text);
  return v_row;
end
$$;

-- Takes the stated default of every question whose time has passed. Anybody may call it, and gets
-- nothing but the number.
create function coffee.expire_notifications() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_me();
  v_row coffee.notifications;
  v_count integer := 0;
begin
  for v_row in
    select n.* from coffee.notifications n
    where n.state = 'pending' and n.expires_at <= clock_timestamp() and n.project_id = any (priv.my_projects())
    for update skip locked
  loop
    perform priv.expire(v_row);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

create function coffee.withdraw(p_id bigint) returns coffee.notifications
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_me();
  v_row coffee.notifications;
begin
  update coffee.notifications n set state = 'withdrawn'
  where n.id = p_id and n.state = 'pending' and n.asked_by = v_me
    and n.project_id = any (priv.my_projects())
  returning * into v_row;
  if v_row.id is null then
    perform priv.fail('CR004', format('there is no open question %s of yours', p_id));
  end if;
  perform pg_notify('coffee_notifications', p_id::text);
  return v_row;
end
$$;

grant execute on function coffee.ask(uuid, text, text, jsonb), coffee.withdraw(bigint)
  to coffee_user, coffee_agent, coffee_daemon;
grant execute on function coffee.answer(bigint, text, text) to coffee_user;
grant execute on function coffee.expire_notifications() to coffee_user, coffee_daemon, coffee_slackbot;
