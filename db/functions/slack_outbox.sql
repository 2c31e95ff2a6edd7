-- What goes to Slack. A row is there before anything is posted and is held, while somebody posts it, by
-- one instance of the bot until a time: whoever takes it over looks first whether it was posted.

-- p_channels: {default: channel, projects: {project's id: channel}}. Open questions whatever their age;
-- what only tells, since there is a bot and of the last day at most. Returns how many are new.
create function coffee.slack_enqueue(p_channels jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
  v_count integer;
begin
  insert into coffee.slack_outbox (notification_id, channel)
  select n.id, coalesce(p_channels -> 'projects' ->> n.project_id::text, p_channels ->> 'default')
  from coffee.notifications n
  where (n.state = 'pending' or n.state = 'posted' and n.created_at > greatest(
      now() - interval '1 day', (select p.created_at from priv.principals p where p.id = v_me)))
    and coalesce(p_channels -> 'projects' ->> n.project_id::text, p_channels ->> 'default') is not null
    and not exists (select from coffee.slack_outbox o where o.notification_id = n.id)
  order by n.id
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

create function coffee.slack_enqueue_digest(p_day date, p_channels text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
  v_count integer;
begin
  insert into coffee.slack_outbox (digest_day, channel) select p_day, c from unnest(p_channels) c
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- The next to be posted, what is urgent first; no row when there is none. `tries` counts this one.
create function coffee.slack_claim(p_instance uuid, p_lease_s double precision)
returns setof coffee.slack_outbox
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
begin
  return query
  update coffee.slack_outbox o set
    instance = p_instance, claimed_until = clock_timestamp() + make_interval(secs => p_lease_s),
    tries = o.tries + 1, first_try_at = coalesce(o.first_try_at, clock_timestamp())
  where o.id = (
    select q.id from coffee.slack_outbox q left join coffee.notifications n on n.id = q.notification_id
    where q.state = 'queued' and q.retry_at <= clock_timestamp()
      and (q.claimed_until is null or q.claimed_until <= clock_timestamp())
    order by n.kind is distinct from 'question', n.priority, q.id
    for update of q skip locked limit 1)
  returning o.*;
end
$$;

-- Each of these says false when the row is not this instance's any more.
create function coffee.slack_posted(
  p_id bigint, p_instance uuid, p_channel text, p_ts text, p_shown coffee.notification_state)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
begin
  update coffee.slack_outbox o set state = 'posted', slack_channel = p_channel, slack_ts = p_ts,
    posted_at = clock_timestamp(), shown = p_shown, problem = null, instance = null, claimed_until = null
  where o.id = p_id and o.instance = p_instance and o.state = 'queued';
  return found;
end
$$;

-- Becomes a line of another message, which is written down before that message is changed.
create function coffee.slack_join(p_id bigint, p_instance uuid, p_lead bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
begin
  update coffee.slack_outbox o set lead_id = p_lead
  where o.id = p_id and o.instance = p_instance and o.state = 'queued' and o.lead_id is null
    and exists (select from coffee.slack_outbox l
      where l.id = p_lead and l.channel = o.channel and l.state = 'posted' and l.lead_id is null);
  return found;
end
$$;

-- p_seconds null: nobody tries again.
create function coffee.slack_postpone(p_id bigint, p_instance uuid, p_seconds double precision, p_problem text)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
begin
  update coffee.slack_outbox o set
    state = case when p_seconds is null then 'dropped' else 'queued' end::coffee.slack_delivery,
    retry_at = clock_timestamp() + make_interval(secs => coalesce(p_seconds, 0)),
    problem = left(p_problem, 2000), instance = null, claimed_until = null
  where o.id = p_id and o.instance = p_instance and o.state = 'queued';
  return found;
end
$$;

-- The message was changed; it shows this state now.
create function coffee.slack_shown(p_id bigint, p_shown coffee.notification_state) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('slackbot');
begin
  update coffee.slack_outbox o set shown = p_shown where o.id = p_id and o.state = 'posted';
end
$$;

grant execute on function
  coffee.slack_enqueue(jsonb), coffee.slack_enqueue_digest(date, text[]),
  coffee.slack_claim(uuid, double precision),
  coffee.slack_posted(bigint, uuid, text, text, coffee.notification_state),
  coffee.slack_join(bigint, uuid, bigint),
  coffee.slack_postpone(bigint, uuid, double precision, text),
  coffee.slack_shown(bigint, coffee.notification_state)
to coffee_slackbot;
