-- What a person publishes of their own time. SET, never added to: a publication replaces the whole period.

-- The canonical JSON of a version: keys sorted, no spaces, lines in the order of their key; digests in hex.
create function priv.summary_lines(p_person uuid, p_team uuid, p_first_day date, p_version integer) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select '[' || coalesce(string_agg(format(
    '{"billed_seconds":%s,"cache_read_tokens":%s,"cache_write_tokens":%s,"cost_nanos":%s,"input_tokens":%s,"issue":%s,"issues":%s,"kind":"%s","measured_seconds":%s,"model":%s,"output_tokens":%s,"project":"%s","sessions":%s,"unpriced_calls":%s}',
    l.billed_seconds, l.cache_read_tokens, l.cache_write_tokens, l.cost_nanos, l.input_tokens,
    to_json(l.issue), l.issues, l.kind, l.measured_seconds, to_json(l.model), l.output_tokens,
    l.project_id, l.sessions, l.unpriced_calls), ',' order by l.project_id, l.issue, l.kind, l.model), '') || ']'
  from coffee.published_lines l
  where l.person_id = p_person and l.team_id = p_team and l.first_day = p_first_day and l.version = p_version
$$;

create function priv.summary_document(p_row coffee.published_summaries) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format(
    '{"end_day":"%s","first_day":"%s","lines":%s,"per":"%s","period":"%s","person":"%s","predecessor":%s,"reason":%s,"team":"%s","version":%s,"zone":"%s"}',
    to_char((p_row).end_day, 'YYYY-MM-DD'), to_char((p_row).first_day, 'YYYY-MM-DD'),
    priv.summary_lines((p_row).person_id, (p_row).team_id, (p_row).first_day, (p_row).version),
    (p_row).per, (p_row).period, (p_row).person_id,
    coalesce('"' || encode((p_row).predecessor, 'hex') || '"', 'null'),
    coalesce(to_json((p_row).reason)::text, 'null'), (p_row).team_id, (p_row).version, (p_row).zone)
$$;

create function priv.summary_digest(p_row coffee.published_summaries) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(priv.summary_document(p_row), 'UTF8'))
$$;

create function priv.period_closed(p_team uuid, p_first_day date, p_end_day date) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_granularity coffee.granularities := priv.granularity_of(p_team, p_first_day);
begin
  -- Not now(): a transaction that began while the period was open may still be there.
  return clock_timestamp() >= (p_end_day + (v_granularity).close_days)::timestamp at time zone (v_granularity).zone
    or exists (select from coffee.closed_months c
      where c.team_id = p_team and c.month = date_trunc('month', p_first_day::timestamp)::date);
end
$$;

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

-- Refuses lines that say more than the team wants to know, or more than can be.
create function priv.check_lines(p_team uuid, p_period coffee.granularities, p_first_day date, p_end_day date, p_lines jsonb)
returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_wrong text;
  v_seconds numeric := extract(epoch from p_end_day::timestamp at time zone (p_period).zone
    - p_first_day::timestamp at time zone (p_period).zone);
begin
  if jsonb_typeof(p_lines) is distinct from 'array' or jsonb_array_length(p_lines) > 5000 then
    perform priv.fail('CR002', 'a publication has at most 5000 lines');
  end if;
  select coalesce(min(case
      when p.id is null or p.team_id <> p_team then 'a line names no project of the team'
      when (p_period).per = 'project' and coalesce(l.issue, '') <> '' then 'the team publishes by project, and a line names an issue'
      when l.kind = 'ai' and coalesce(b.ai_cost, 'none') = 'none' then 'a line tells of a cost that its project does not pass on'
      when l.kind = 'delegated' and not coalesce(b.bill_delegated, false) then 'a line tells of delegated time that its project does not bill'
      when l.kind <> 'ai' and coalesce(l.billed_seconds, 0) < coalesce(l.measured_seconds, 0) then 'less is billed than was measured'
      when l.kind <> 'ai' and coalesce(b.rounding_per, 'none') in ('none', 'month')
        and coalesce(l.billed_seconds, 0) <> coalesce(l.measured_seconds, 0) then 'a line is rounded, and its project rounds neither entries nor days'
      when l.kind <> 'ai' and b.rounding_per in ('entry', 'day')
        and coalesce(l.billed_seconds, 0) % (b.rounding_minutes * 60) <> 0 then 'a line is not rounded as its project says'
      when l.kind <> 'ai' and coalesce(l.measured_seconds, 0) = 0 and coalesce(l.billed_seconds, 0) <> 0 then 'time is billed that nobody measured'
      -- Parts of seconds are billed and not measured, so a day may come to a whole step more.
      when l.kind <> 'ai' and b.rounding_per = 'day' and coalesce(l.billed_seconds, 0) - coalesce(l.measured_seconds, 0)
        > (p_end_day - p_first_day) * b.rounding_minutes * 60 then 'more is rounded than the days of the period allow'
      -- How many entries there were nobody says; agents work side by side, a person does not.
      when l.kind <> 'ai' and b.rounding_per = 'entry'
        and coalesce(l.billed_seconds, 0) - case l.kind when 'delegated' then coalesce(l.measured_seconds, 0) else 0 end
          > ceil(v_seconds / (b.rounding_minutes * 60)) * b.rounding_minutes * 60 then 'more is billed than the period has'
    end), null) into v_wrong
  from jsonb_to_recordset(p_lines) as l(project uuid, issue text, kind text, measured_seconds bigint, billed_seconds bigint)
  left join coffee.projects p on p.id = l.project
  left join coffee.billing_settings b on b.project_id = p.id;
  if v_wrong is null and (select sum(l.measured_seconds) from jsonb_to_recordset(p_lines) as l(kind text, measured_seconds bigint)
      where l.kind = 'time') > v_seconds then
    v_wrong := 'more time than the period has';
  end if;
  if v_wrong is not null then
    perform priv.fail('CR002', v_wrong);
  end if;
end
$$;

-- The lines first, because the digest is made of what was written; their foreign key waits for the commit.
create function priv.write_summary(p_row coffee.published_summaries, p_lines jsonb) returns bytea
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.published_summaries := p_row;
begin
  insert into coffee.published_lines
  select (p_row).person_id, (p_row).team_id, (p_row).first_day, (p_row).version, l.project, coalesce(l.issue, ''),
    l.kind, coalesce(l.model, ''), coalesce(l.measured_seconds, 0), coalesce(l.billed_seconds, 0),
    coalesce(l.sessions, 0), coalesce(l.issues, 0), coalesce(l.input_tokens, 0), coalesce(l.output_tokens, 0),
    coalesce(l.cache_read_tokens, 0), coalesce(l.cache_write_tokens, 0), coalesce(l.cost_nanos, 0),
    coalesce(l.unpriced_calls, 0)
  from jsonb_to_recordset(p_lines) as l(project uuid, issue text, kind text, model text, measured_seconds bigint,
    billed_seconds bigint, sessions integer, issues integer, input_tokens bigint, output_tokens bigint,
    cache_read_tokens bigint, cache_write_tokens bigint, cost_nanos bigint, unpriced_calls bigint);
  v_row.sha256 := priv.summary_digest(v_row);
  insert into coffee.published_summaries values (v_row.*);
  return v_row.sha256;
exception
  when unique_violation then
    perform priv.fail('CR002', 'two lines are about the same');
    return null;
  when check_violation or not_null_violation or numeric_value_out_of_range then
    perform priv.fail('CR002', 'a line is not possible');
    return null;
end
$$;

-- The caller's own period, whole. p_lines: [{project, issue?, kind: time|delegated|ai, model?,
-- measured_seconds?, billed_seconds?, sessions?, issues?, input_tokens?, …, cost_nanos?}]; none: an
-- explicit zero. While the period is open it is replaced; afterwards a new version, which has a reason.
create function coffee.publish(
  p_team uuid, p_first_day date, p_lines jsonb, p_layer text, p_reason text default null,
  out version integer, out changed boolean, out closed boolean, out digest text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_granularity coffee.granularities;
  v_period record;
  v_old coffee.published_summaries;
  v_new coffee.published_summaries;
begin
  if p_team is null or not p_team = any (priv.my_teams()) then
    perform priv.fail('CR004', 'no such team of yours', 'coffee-roadmap teams list');
  end if;
  if p_layer is null or p_layer not in ('git_hook', 'service', 'ci', 'hand') then
    perform priv.fail('CR002', 'a layer is git_hook, service, ci or hand');
  end if;
  perform priv.must_read_committed();
  -- One at a time, and none while the granularity changes.
  perform pg_advisory_xact_lock_shared(74, hashtext(p_team::text));
  perform pg_advisory_xact_lock(75, hashtext(p_team::text || v_me::text));
  v_granularity := priv.granularity_of(p_team, p_first_day);
  select f.first_day, f.end_day into v_period from priv.period_of(p_team, p_first_day) f;
  if p_first_day is null or v_period.first_day <> p_first_day then
    perform priv.fail('CR002', format('no period of the team begins on %s', p_first_day),
      format('One begins on %s.', v_period.first_day));
  end if;
  if p_first_day::timestamp at time zone (v_granularity).zone > now() then
    perform priv.fail('CR002', 'this period has not begun');
  end if;
  perform priv.check_lines(p_team, v_granularity, v_period.first_day, v_period.end_day, p_lines);
  closed := priv.period_closed(p_team, v_period.first_day, v_period.end_day);
  select * into v_old from coffee.published_summaries s
  where s.person_id = v_me and s.team_id = p_team and s.first_day = p_first_day and s.replaced_at is null;
  v_new := row(v_me, p_team, p_first_day, 1, v_period.end_day, (v_granularity).period, (v_granularity).per,
    (v_granularity).zone, sha256(''), null, null, p_layer, clock_timestamp(), null)::coffee.published_summaries;
  if v_old.version is not null then
    if priv.same_lines(v_old, p_lines) then
      version := v_old.version;
      changed := false;
      digest := encode(v_old.sha256, 'hex');
      return;
    end if;
    v_new.version := v_old.version;
    v_new.predecessor := v_old.predecessor;
    v_new.reason := v_old.reason;
    if closed then
      if coalesce(length(trim(p_reason)), 0) not between 1 and 500 or p_reason ~ priv.unprintable() then
        perform priv.fail('CR005', format('the period from %s is closed', p_first_day),
          'A correction says why, in 1 to 500 characters: --reason.');
      end if;
      v_new.version := v_old.version + 1;
      v_new.predecessor := v_old.sha256;
      v_new.reason := trim(p_reason);
      update coffee.published_summaries s set replaced_at = now()
      where (s.person_id, s.team_id, s.first_day, s.version) = (v_me, p_team, p_first_day, v_old.version);
    else
      delete from coffee.published_lines l
      where (l.person_id, l.team_id, l.first_day, l.version) = (v_me, p_team, p_first_day, v_old.version);
      delete from coffee.published_summaries s
      where (s.person_id, s.team_id, s.first_day, s.version) = (v_me, p_team, p_first_day, v_old.version);
    end if;
  end if;
  digest := encode(priv.write_summary(v_new, p_lines), 'hex');
  perform priv.sum_month(v_me, p_team, p_first_day);
  version := v_new.version;
  changed := true;
  perform audit.record('summary.publish', jsonb_build_object('team', p_team, 'first_day', p_first_day,
    'version', version, 'sha256', digest, 'layer', p_layer, 'reason', v_new.reason));
end
$$;

-- One person's month anew, from the current versions.
create function priv.sum_month(p_person uuid, p_team uuid, p_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_month date := date_trunc('month', p_day::timestamp)::date;
begin
  delete from coffee.published_months m
  where m.team_id = p_team and m.month = v_month and m.person_id = p_person;
  insert into coffee.published_months
  select l.team_id, v_month, l.person_id, l.project_id, l.issue, l.kind, l.model,
    sum(l.measured_seconds), sum(l.billed_seconds), sum(l.sessions), sum(l.issues), sum(l.input_tokens),
    sum(l.output_tokens), sum(l.cache_read_tokens), sum(l.cache_write_tokens), sum(l.cost_nanos), sum(l.unpriced_calls)
  from coffee.published_lines l
  join coffee.published_summaries s using (person_id, team_id, first_day, version)
  where l.person_id = p_person and l.team_id = p_team and s.replaced_at is null
    and l.first_day >= v_month and l.first_day < v_month + interval '1 month'
  group by 1, 2, 3, 4, 5, 6, 7;
end
$$;

create function priv.same_lines(p_row coffee.published_summaries, p_lines jsonb) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with said as (
    select l.project, coalesce(l.issue, '') collate "C", l.kind collate "C", coalesce(l.model, '') collate "C",
      coalesce(l.measured_seconds, 0), coalesce(l.billed_seconds, 0), coalesce(l.sessions, 0), coalesce(l.issues, 0),
      coalesce(l.input_tokens, 0), coalesce(l.output_tokens, 0), coalesce(l.cache_read_tokens, 0),
      coalesce(l.cache_write_tokens, 0), coalesce(l.cost_nanos, 0), coalesce(l.unpriced_calls, 0)
    from jsonb_to_recordset(p_lines) as l(project uuid, issue text, kind text, model text, measured_seconds bigint,
      billed_seconds bigint, sessions integer, issues integer, input_tokens bigint, output_tokens bigint,
      cache_read_tokens bigint, cache_write_tokens bigint, cost_nanos bigint, unpriced_calls bigint)
  ), there as (
    select l.project_id, l.issue, l.kind, l.model, l.measured_seconds, l.billed_seconds, l.sessions, l.issues,
      l.input_tokens, l.output_tokens, l.cache_read_tokens, l.cache_write_tokens, l.cost_nanos, l.unpriced_calls
    from coffee.published_lines l
    where (l.person_id, l.team_id, l.first_day, l.version)
      = ((p_row).person_id, (p_row).team_id, (p_row).first_day, (p_row).version)
  )
  select not exists (table said except all table there) and not exists (table there except all table said)
$$;

-- One run of a layer, also one that failed; of the background service also that it was there. A layer that
-- runs by itself and fails tells the team, once a day (UTC) and with the error's code alone.
create function coffee.log_publication(
  p_team uuid, p_layer text, p_code text default null, p_periods integer default 0, p_changed integer default 0)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_id bigint;
begin
  if p_team is null or not p_team = any (priv.my_teams()) then
    perform priv.fail('CR004', 'no such team of yours', 'coffee-roadmap teams list');
  end if;
  if p_layer is null or p_layer not in ('git_hook', 'service', 'ci', 'hand')
    or p_code !~ '^[a-z_]{1,40}$' or not coalesce(p_periods, -1) between 0 and 100000
    or not coalesce(p_changed, -1) between 0 and 100000 then
    perform priv.fail('CR002', 'a run has a layer, an error''s code or none, and two counts');
  end if;
  insert into coffee.publications (person_id, team_id, layer, ok, code, periods, changed)
  values (v_me, p_team, p_layer, p_code is null, p_code, p_periods, p_changed);
  if p_layer = 'service' then
    insert into coffee.publisher_beats
    values (v_me, p_team, date_bin('15 minutes', clock_timestamp(), '2000-01-01 00:00Z')) on conflict do nothing;
  end if;
  if p_code is not null and p_layer <> 'hand' then
    insert into coffee.notifications (project_id, kind, priority, title, message, asked_by, asked_by_name, key_scope, key, state)
    select p.id, 'error', 'high', format('Publishing by %s failed', replace(p_layer, '_', ' ')),
      format('The error is %s. coffee-roadmap publish by hand says more, and repairs it where it can.', p_code),
      v_me, priv.name_of(v_me), 'publishing', concat_ws(' ', v_me, p_team, p_layer, (now() at time zone 'UTC')::date), 'posted'
    from coffee.projects p where p.team_id = p_team order by p.archived_at is not null, p.created_at, p.id limit 1
    on conflict (project_id, key_scope, key) do nothing returning id into v_id;
    if v_id is not null then
      perform pg_notify('coffee_notifications', v_id::text);
    end if;
  end if;
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
    perform priv.fail('CR002', format('%s is not over', coalesce(to_char(v_month, 'YYYY-MM'), 'the month')));
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

grant execute on function
  coffee.publish(uuid, date, jsonb, text, text), coffee.log_publication(uuid, text, text, integer, integer)
to coffee_user;
grant execute on function coffee.close_month(uuid, date) to coffee_manager;
grant execute on function priv.keep_published() to coffee_owner; -- creates the triggers
