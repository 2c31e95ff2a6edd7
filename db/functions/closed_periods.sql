-- When a period is closed, and what stays as it is from then on.

-- When the days of grace of a period are over.
create function priv.closes_at(p_team uuid, p_first_day date, p_end_day date) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (p_end_day + g.close_days)::timestamp at time zone g.zone from priv.granularity_of(p_team, p_first_day) g
$$;

create function priv.period_closed(p_team uuid, p_first_day date, p_end_day date) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Not now(): a transaction that began while the period was open may still be there.
  return clock_timestamp() >= priv.closes_at(p_team, p_first_day, p_end_day)
    or exists (select from coffee.closed_months c
      where c.team_id = p_team and c.month = date_trunc('month', p_first_day::timestamp)::date);
end
$$;

-- At the commit: what was published while the period was open, and replaced what was there without a reason,
-- is not there before it was closed. Months that somebody closes wait for who publishes; days of grace do not.
create function priv.publish_in_time() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_closes timestamptz := priv.closes_at(new.team_id, new.first_day, new.end_day);
begin
  if new.published_at < v_closes and clock_timestamp() >= v_closes then
    perform priv.fail('CR005', format('the period from %s was closed before this was committed', new.first_day),
      'Publish it again: coffee-roadmap publish --rebuild.');
  end if;
  return null;
end
$$;
grant execute on function priv.publish_in_time() to coffee_owner; -- creates the trigger

-- A version of a closed period only learns that another follows it.
create function priv.keep_published() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_end date;
begin
  if tg_table_name = 'published_summaries' then
    v_end := old.end_day;
    if tg_op = 'UPDATE' and old.replaced_at is null
      and to_jsonb(new) - 'replaced_at' = to_jsonb(old) - 'replaced_at' then
      return new;
    end if;
  else
    select s.end_day into v_end from coffee.published_summaries s
    where (s.person_id, s.team_id, s.first_day, s.version) = (old.person_id, old.team_id, old.first_day, old.version);
  end if;
  if priv.period_closed(old.team_id, old.first_day, v_end) then
    raise insufficient_privilege using message = 'what was published of a closed period stays as it is';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

-- Closes a month before its days of grace are over. Nobody opens it again.
create function coffee.close_month(p_team uuid, p_month date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_manage(p_team);
  v_month date := date_trunc('month', p_month::timestamp)::date;
begin
  perform priv.must_read_committed();
  if v_month is null or now() < (v_month + interval '1 month')
      at time zone (priv.granularity_of(p_team, v_month)).zone then
    perform priv.fail('CR002', format('%s is not over', coalesce(to_char(v_month, 'YYYY-MM'), 'the month')),
      'As it stands: coffee-roadmap billing report --month MONTH. Its bill is made when it is over.');
  end if;
  perform pg_advisory_xact_lock(74, hashtext(p_team::text));
  insert into coffee.closed_months (team_id, month, closed_by) values (p_team, v_month, v_me) on conflict do nothing;
  if found then
    perform audit.record('month.close', jsonb_build_object('team', p_team, 'month', v_month));
    return true;
  end if;
  return false;
end
$$;

grant execute on function coffee.close_month(uuid, date) to coffee_manager;
grant execute on function priv.keep_published() to coffee_owner; -- creates the triggers
