-- What people say in Slack. The bot passes it on; the link decides who speaks, and that person's rights
-- decide what may be done. Each interaction is a row, made once by Slack's own id, in the transaction
-- of its effect: a redelivery finds the row and gets the first outcome again.
--
-- p_from: {key: Slack's id of the interaction, team, user, name}. Outcomes: {outcome: 'done', result},
-- {outcome: 'refused', code, message, hint, about: the id of whom the message names} or
-- {outcome: 'unlinked', message, hint}, with person (the name) where it is known, and repeated: true for a
-- redelivery.

create function priv.slack_person(p_team text, p_user text) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.person_id from coffee.slack_links l join priv.principals p on p.id = l.person_id
  where l.slack_team_id = p_team and l.slack_user_id = p_user and l.ended_at is null
    and p.removed_at is null
$$;

-- Null: this interaction was there before. Waits for a redelivery that is being handled.
create function priv.slack_begin(p_from jsonb, p_action text, p_notification bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
  v_id bigint;
begin
  insert into coffee.slack_interactions
    (slack_key, slack_team_id, slack_user_id, slack_user_name, action, notification_id)
  values (p_from ->> 'key', p_from ->> 'team', p_from ->> 'user', left(p_from ->> 'name', 200), p_action,
    (select n.id from coffee.notifications n where n.id = p_notification))
  on conflict (slack_key) do nothing returning id into v_id;
  return v_id;
end
$$;

create function priv.slack_end(p_id bigint, p_person uuid, p_outcome jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_outcome jsonb := p_outcome || jsonb_strip_nulls(jsonb_build_object('person', priv.name_of(p_person)));
begin
  update coffee.slack_interactions i set person_id = p_person, response_data = v_outcome where i.id = p_id;
  return v_outcome;
end
$$;

-- Another user's interaction of that key is none of this one's business.
create function priv.slack_repeated(p_from jsonb) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce((
    select i.response_data from coffee.slack_interactions i
    where i.slack_key = p_from ->> 'key' and i.slack_user_id = p_from ->> 'user'
      and i.slack_team_id = p_from ->> 'team'
  ), '{"outcome": "refused", "message": "this was handled already"}') || '{"repeated": true}'
$$;

-- From here to priv.stop_acting the transaction has the identity and the rights of this person; see
-- priv.who(). Whoever calls it takes care that the row never outlives the function.
create function priv.start_acting(p_person uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into priv.acting (transaction, person_id) values (pg_current_xact_id(), p_person)
$$;

create function priv.stop_acting() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from priv.acting a where a.transaction = pg_current_xact_id()
$$;

-- What can be said in Slack; the functions are those that the person's own login calls.
create function priv.slack_verb(p_verb text, p_arguments jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_item bigint := (p_arguments ->> 'item')::bigint;
  v_note coffee.notifications;
  v_row coffee.roadmap_items;
begin
  case p_verb
    when 'answer' then
      v_note := coffee.answer((p_arguments ->> 'notification')::bigint, p_arguments ->> 'answer', 'slack');
      return jsonb_build_object('notification', v_note.id, 'answer', v_note.answer);
    when 'add' then
      v_row := coffee.add_item((p_arguments ->> 'project')::uuid, p_arguments ->> 'title',
        coalesce(p_arguments ->> 'body', ''));
    when 'accept' then v_row := coffee.accept_item(v_item);
    when 'reopen' then v_row := coffee.reopen_item(v_item, p_arguments ->> 'comment');
    when 'pause' then
      return jsonb_build_object('daemons', coffee.pause_daemons(p_arguments ->> 'daemon', true));
    when 'resume' then
      return jsonb_build_object('daemons', coffee.pause_daemons(p_arguments ->> 'daemon', false));
    else perform priv.fail('CR002', format('Slack knows no %s', p_verb));
  end case;
  return jsonb_build_object('item', v_row.id, 'number', v_row.number, 'title', v_row.title, 'state', v_row.state);
end
$$;

create function priv.slack_perform(p_from jsonb, p_verb text, p_arguments jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id bigint := priv.slack_begin(p_from, p_verb, (p_arguments ->> 'notification')::bigint);
  v_person uuid;
  v_outcome jsonb;
  v_state text;
  v_message text;
  v_hint text;
  v_about text;
begin
  if v_id is null then
    return priv.slack_repeated(p_from);
  end if;
  v_person := priv.slack_person(p_from ->> 'team', p_from ->> 'user');
  if v_person is null then
    return priv.slack_end(v_id, null, jsonb_build_object('outcome', 'unlinked',
      'message', 'your Slack account is not linked to a person here',
      'hint', 'Run coffee-roadmap people link-slack and send what it prints: /roadmap link CODE.'));
  end if;
  begin
    perform priv.start_acting(v_person);
    v_outcome := jsonb_build_object('outcome', 'done', 'result', priv.slack_verb(p_verb, p_arguments));
    perform priv.stop_acting();
  exception when others then -- what was done is undone, that it was tried is kept
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint,
      v_about = pg_exception_detail;
    if v_state !~ '^(CR|22|23)' and v_state <> '42501' then
      raise;
    end if;
    v_outcome := jsonb_strip_nulls(jsonb_build_object('outcome', 'refused', 'code', v_state,
      'message', case when v_state ~ '^2' then 'this value is not allowed' else v_message end,
      'hint', nullif(v_hint, ''), 'about', case when v_state ~ '^CR' then nullif(v_about, '') end));
  end;
  return priv.slack_end(v_id, v_person, v_outcome);
end
$$;

create function coffee.slack_answer(p_from jsonb, p_notification bigint, p_answer text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Before the interaction refers to it: two clicks that share the row by their foreign keys would
  -- each wait for the other to change it.
  perform from coffee.notifications n where n.id = p_notification for update;
  return priv.slack_perform(p_from, 'answer',
    jsonb_build_object('notification', p_notification, 'answer', p_answer));
end
$$;

-- p_verb: add {project, title, body}, accept {item}, reopen {item, comment}, pause and resume {daemon}.
create function coffee.slack_roadmap(p_from jsonb, p_verb text, p_arguments jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_verb not in ('add', 'accept', 'reopen', 'pause', 'resume') then
    perform priv.fail('CR002', format('Slack knows no %s', p_verb));
  end if;
  return priv.slack_perform(p_from, p_verb, p_arguments);
end
$$;

create function priv.hash_slack_code(p_code text) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(regexp_replace(upper(p_code), '[^0-9A-F]', '', 'g'), 'UTF8'))
$$;

-- 48 random bits, good for one use within 15 minutes; ten wrong ones an hour is all that one account has.
create function coffee.new_slack_code(out code text, out expires_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
begin
  code := upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12));
  code := concat_ws('-', substr(code, 1, 4), substr(code, 5, 4), substr(code, 9, 4));
  expires_at := now() + interval '15 minutes';
  insert into priv.slack_codes as c (person_id, code_hash, expires_at)
  values (v_me, priv.hash_slack_code(code), new_slack_code.expires_at)
  on conflict (person_id) do update set
    code_hash = excluded.code_hash, expires_at = excluded.expires_at, used_at = null;
  perform audit.record('slack.code', '{}');
end
$$;
comment on function coffee.new_slack_code() is 'A one-time code that binds a Slack account to the caller; shown this once, the one before is void.';

create function coffee.bind_slack(p_from jsonb, p_code text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id bigint := priv.slack_begin(p_from, 'link', null);
  v_team text := p_from ->> 'team';
  v_user text := p_from ->> 'user';
  v_person uuid;
begin
  if v_id is null then
    return priv.slack_repeated(p_from);
  end if;
  if (select count(*) from coffee.slack_interactions i
      where i.slack_user_id = v_user and i.action = 'link' and i.response_data ->> 'outcome' = 'refused'
        and i.created_at > now() - interval '1 hour') >= 10 then
    return priv.slack_end(v_id, null, jsonb_build_object('outcome', 'refused', 'code', 'CR001',
      'message', 'too many wrong codes within an hour', 'hint', 'Try again later, with a new code.'));
  end if;
  update priv.slack_codes c set used_at = now()
  where c.code_hash = priv.hash_slack_code(p_code) and c.used_at is null and c.expires_at > now()
    and exists (select from priv.principals p where p.id = c.person_id and p.removed_at is null)
  returning c.person_id into v_person;
  if v_person is null then
    return priv.slack_end(v_id, null, jsonb_build_object('outcome', 'refused', 'code', 'CR004',
      'message', 'this code is not valid, or not any more',
      'hint', 'coffee-roadmap people link-slack prints a new one.'));
  end if;
  update coffee.slack_links l set ended_at = now()
  where l.ended_at is null and l.slack_team_id = v_team
    and (l.slack_user_id = v_user or l.person_id = v_person);
  insert into coffee.slack_links (person_id, slack_team_id, slack_user_id, slack_user_name)
  values (v_person, v_team, v_user, left(p_from ->> 'name', 200));
  perform priv.start_acting(v_person);
  perform audit.record('slack.link', jsonb_build_object('team', v_team, 'user', v_user));
  perform priv.stop_acting();
  return priv.slack_end(v_id, v_person, '{"outcome": "done"}');
end
$$;

-- Ends all links of the caller; returns how many there were.
create function coffee.end_slack_links() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_count integer;
begin
  update coffee.slack_links l set ended_at = now() where l.person_id = v_me and l.ended_at is null;
  get diagnostics v_count = row_count;
  update priv.slack_codes c set used_at = now() where c.person_id = v_me and c.used_at is null;
  perform audit.record('slack.unlink', jsonb_build_object('links', v_count));
  return v_count;
end
$$;

-- Whom a Slack account stands for, and what that person may see; no row for one that is not linked.
create function coffee.slack_who(p_team text, p_user text)
returns table (person_id uuid, name text, daemons uuid[], projects uuid[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
  v_person uuid := priv.slack_person(p_team, p_user);
  v_teams uuid[] := array(select m.team_id from coffee.memberships m where m.member_id = v_person);
begin
  if v_person is not null then
    return query select v_person, priv.name_of(v_person),
      array(select m.member_id from coffee.memberships m
        join priv.principals d on d.id = m.member_id and d.kind = 'daemon'
        where m.team_id = any (v_teams)),
      array(select p.id from coffee.projects p where p.team_id = any (v_teams));
  end if;
end
$$;

-- What was only looked at, or could not be passed on: its row. False for a redelivery. What came of it
-- is not for the bot to say: that an answer counted is written where it is given.
create function coffee.slack_looked(p_from jsonb, p_action text, p_notification bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_id bigint;
  v_person uuid := priv.slack_person(p_from ->> 'team', p_from ->> 'user');
begin
  if p_action is null or p_action not in ('list', 'view', 'help', 'words', 'nothing ticked') then
    perform priv.fail('CR002', format('nobody looks at %s', p_action));
  end if;
  v_id := priv.slack_begin(p_from, p_action, p_notification);
  if v_id is not null then
    perform priv.slack_end(v_id, v_person, jsonb_build_object('outcome',
      case when v_person is null then 'unlinked' else 'looked' end));
  end if;
  return v_id is not null;
end
$$;

grant execute on function
  coffee.slack_answer(jsonb, bigint, text), coffee.slack_roadmap(jsonb, text, jsonb),
  coffee.slack_looked(jsonb, text, bigint),
  coffee.bind_slack(jsonb, text), coffee.slack_who(text, text)
to coffee_slackbot;
grant execute on function coffee.new_slack_code(), coffee.end_slack_links() to coffee_user;
