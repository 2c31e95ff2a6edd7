-- What managers say: how finely their team publishes, what projects bill, and what an hour is worth.

-- A lock says that nobody else writes; what they wrote before is seen only where each statement looks anew.
create function priv.must_read_committed() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform priv.fail('CR002', format('this is not done in a transaction that is %s', current_setting('transaction_isolation')),
      'Begin it with: begin isolation level read committed.');
  end if;
end
$$;

-- In force on a day; the default where a team has said nothing.
create function priv.granularity_of(p_team uuid, p_day date) returns coffee.granularities
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.granularities;
begin
  select * into v_row from coffee.granularities g
  where g.team_id = p_team and g.from_month <= p_day order by g.from_month desc limit 1;
  if v_row.team_id is null then
    v_row := row(p_team, date '1970-01-01', 'month', 'project', 'UTC', 3, 5, null, null)::coffee.granularities;
  end if;
  return v_row;
end
$$;

-- The period of a team that a day lies in. Monday weeks, cut where a month ends.
create function priv.period_of(p_team uuid, p_day date, out first_day date, out end_day date)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_month date := date_trunc('month', p_day::timestamp)::date;
  v_next date := (v_month + interval '1 month')::date;
  v_week date := date_trunc('week', p_day::timestamp)::date;
begin
  case (priv.granularity_of(p_team, p_day)).period
    when 'day' then first_day := p_day; end_day := p_day + 1;
    when 'week' then first_day := greatest(v_week, v_month); end_day := least(v_week + 7, v_next);
    else first_day := v_month; end_day := v_next;
  end case;
end
$$;

-- The caller's project whose team the caller manages.
create function priv.must_manage_project(p_project uuid) returns coffee.projects
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_project coffee.projects := priv.must_project(p_project);
begin
  perform priv.must_manage(v_project.team_id);
  return v_project;
end
$$;

-- Keys that are left out of p_settings stay as they were. From the month on that p_from lies in; what was
-- published from then on stays as fine as it is, so there must be none.
create function coffee.set_granularity(p_team uuid, p_settings jsonb, p_from date default current_date)
returns coffee.granularities
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_manage(p_team);
  v_from date := date_trunc('month', p_from::timestamp)::date;
  v_row coffee.granularities;
  v_last date;
  v_rate date;
begin
  perform priv.must_read_committed();
  perform pg_advisory_xact_lock(74, hashtext(p_team::text));
  v_row := priv.granularity_of(p_team, v_from);
  select max(s.first_day) into v_last from coffee.published_summaries s where s.team_id = p_team;
  if v_last >= v_from then
    perform priv.fail('CR001', format('members have already published as far as %s', to_char(v_last, 'YYYY-MM')),
      format('It can change from %s on.', to_char(v_last + interval '1 month', 'YYYY-MM')));
  end if;
  v_row := jsonb_populate_record(v_row, p_settings - 'team_id' - 'from_month' - 'set_by' - 'set_at');
  if v_row.period is null or v_row.period not in ('day', 'week', 'month') or v_row.per is null
    or v_row.per not in ('project', 'issue') then
    perform priv.fail('CR002', 'a team publishes by day, week or month and by project or issue');
  end if;
  if v_row.least_people is null or v_row.least_people not between 3 and 1000 then
    perform priv.fail('CR002', 'insights are about at least 3 people besides whoever looks');
  end if;
  if v_row.close_days is null or v_row.close_days not between 0 and 60 then
    perform priv.fail('CR002', 'a period closes 0 to 60 days after its end');
  end if;
  if not exists (select from pg_catalog.pg_timezone_names z where z.name = v_row.zone) then
    perform priv.fail('CR002', format('there is no time zone "%s"', v_row.zone), 'Such as Europe/Berlin.');
  end if;
  insert into coffee.granularities as g
  values (p_team, v_from, v_row.period, v_row.per, v_row.zone, v_row.close_days, v_row.least_people, v_me, now())
  on conflict (team_id, from_month) do update set period = excluded.period, per = excluded.per,
    zone = excluded.zone, close_days = excluded.close_days, least_people = excluded.least_people,
    set_by = excluded.set_by, set_at = excluded.set_at
  returning * into v_row;
  select min(r.effective_from) into v_rate
  from coffee.rates r join coffee.projects p on p.id = r.project_id
  where p.team_id = p_team and r.replaced_at is null and r.effective_from >= v_from
    and r.effective_from <> (priv.period_of(p_team, r.effective_from)).first_day;
  if v_rate is not null then
    perform priv.fail('CR001', format('a rate begins on %s, which would be no first day of a period', v_rate),
      'Begin later, or publish as finely as rates begin.');
  end if;
  perform audit.record('granularity.set', to_jsonb(v_row));
  return v_row;
end
$$;

-- Keys that are left out stay as they are; a budget of JSON null is none.
create function coffee.set_billing(p_project uuid, p_settings jsonb) returns coffee.billing_settings
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_project coffee.projects := priv.must_manage_project(p_project);
  v_row coffee.billing_settings;
  v_unknown text;
begin
  select string_agg(k, ', ') into v_unknown from jsonb_object_keys(p_settings) k
  where k not in ('client', 'currency', 'rounding_per', 'rounding_minutes', 'budget', 'ai_cost',
    'ai_markup_percent', 'bill_delegated');
  if v_unknown is not null then
    perform priv.fail('CR002', format('unknown setting: %s', v_unknown));
  end if;
  insert into coffee.billing_settings (project_id) values (p_project) on conflict do nothing;
  select * into v_row from coffee.billing_settings b where b.project_id = p_project for update;
  begin
    v_row := jsonb_populate_record(v_row, p_settings);
    update coffee.billing_settings b set
      client = trim(v_row.client), currency = v_row.currency, rounding_per = v_row.rounding_per,
      rounding_minutes = v_row.rounding_minutes, budget = v_row.budget, ai_cost = v_row.ai_cost,
      ai_markup_percent = v_row.ai_markup_percent, bill_delegated = v_row.bill_delegated, set_at = now()
    where b.project_id = p_project returning * into v_row;
  exception when check_violation or not_null_violation or numeric_value_out_of_range or invalid_text_representation then
    perform priv.fail('CR002', 'a setting is not possible',
      'A currency is like EUR, a step 1 to 480 minutes, a markup 0 to 1000 percent, an amount at least 0.');
  end;
  perform audit.record('billing.set', jsonb_build_object('project', p_project, 'settings', p_settings));
  return v_row;
end
$$;

-- A rate begins with one of the team's periods, so that none has two. p_person null: for whoever has none.
create function coffee.set_rate(p_project uuid, p_person text, p_from date, p_per_hour numeric) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_project coffee.projects := priv.must_manage_project(p_project);
  v_me uuid := priv.must_me();
  v_person uuid;
  v_period record;
  v_id bigint;
begin
  if p_per_hour is null or not p_per_hour between 0 and 9999999999 or p_per_hour <> round(p_per_hour, 4) then
    perform priv.fail('CR002', 'an hour costs at least 0, with four decimals at most');
  end if;
  perform priv.must_read_committed();
  perform pg_advisory_xact_lock_shared(74, hashtext(v_project.team_id::text)); -- none while the granularity changes
  select f.first_day, f.end_day into v_period from priv.period_of(v_project.team_id, p_from) f;
  if p_from is null or p_from <> v_period.first_day then
    perform priv.fail('CR002', format('%s is no first day of a period of the team', p_from),
      format('%s or %s is.', v_period.first_day, v_period.end_day));
  end if;
  if p_person is not null then
    select m.member_id into v_person from coffee.memberships m join priv.principals p on p.id = m.member_id
    where m.team_id = v_project.team_id and p.kind = 'person' and p.removed_at is null
      and (lower(p.name) = lower(p_person) or p.id::text = lower(p_person));
    if v_person is null then
      perform priv.fail('CR004', format('"%s" is not in the team', p_person), 'coffee-roadmap teams list');
    end if;
  end if;
  perform pg_advisory_xact_lock(76, hashtext(p_project::text));
  update coffee.rates r set replaced_at = now()
  where r.project_id = p_project and r.person_id is not distinct from v_person
    and r.effective_from = p_from and r.replaced_at is null;
  insert into coffee.rates (project_id, person_id, effective_from, per_hour, set_by)
  values (p_project, v_person, p_from, p_per_hour, v_me) returning id into v_id;
  perform audit.record('rate.set', jsonb_build_object(
    'id', v_id, 'project', p_project, 'person', v_person, 'from', p_from, 'per_hour', p_per_hour));
  return v_id;
end
$$;

-- The caller's own; p_project null takes the link away. Returns whether anything changed.
create function coffee.link_project(p_kind text, p_value text, p_project uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  if p_kind is null or p_kind not in ('folder', 'remote', 'tag', 'stream')
    or coalesce(length(p_value), 0) not between 1 and 4096 or p_value ~ priv.unprintable() then
    perform priv.fail('CR002', 'a folder, remote, tag or stream is linked, by its printable name');
  end if;
  if p_project is null then
    delete from coffee.project_links l where l.person_id = v_me and l.kind = p_kind and l.value = p_value;
    return found;
  end if;
  if (select count(*) from coffee.project_links l where l.person_id = v_me) >= 5000 then
    perform priv.fail('CR001', 'there are 5000 links', 'Link a folder above, or a tag.');
  end if;
  insert into coffee.project_links as l (person_id, kind, value, project_id)
  values (v_me, p_kind, p_value, p_project)
  on conflict (person_id, kind, value) do update set project_id = excluded.project_id, linked_at = now()
  where l.project_id <> excluded.project_id;
  return found;
end
$$;

grant execute on function
  coffee.set_granularity(uuid, jsonb, date), coffee.set_billing(uuid, jsonb),
  coffee.set_rate(uuid, text, date, numeric)
to coffee_manager;
grant execute on function coffee.link_project(text, text, uuid) to coffee_user;
