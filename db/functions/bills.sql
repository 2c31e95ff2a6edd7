-- What a month comes to: published time times rates, and what models cost where that is passed on. Amounts
-- are rounded half-up to the cent line by line; a total is the sum of its lines.

-- One line for each project, person, month, issue, kind, model and rate. p_to is exclusive. p_exchange: what
-- one USD is worth in the currency of projects that bill in another; without it their models' lines have no
-- amount. A line without a rate has none either. What a project's daemons and programs used models for is read
-- from its traces, with their id and name in place of a person's; publications leave those calls out. p_exact: from the published lines themselves, as bills are,
-- and not from the sums that are kept of months.
create function coffee.billing_lines(
  p_team uuid, p_from date, p_to date, p_client text default null, p_exchange numeric default null,
  p_exact boolean default false)
returns table (
  client text, currency text, project_id uuid, project text, person_id uuid, person text, month date,
  issue text, kind text, model text, measured_seconds bigint, billed_seconds bigint, rounding text,
  per_hour numeric, sessions bigint, issues bigint, input_tokens bigint, output_tokens bigint,
  cache_read_tokens bigint, cache_write_tokens bigint, cost_nanos bigint, unpriced_calls bigint,
  markup_percent numeric, amount numeric)
-- Planned for the months that are asked about; of a large team's year nothing goes to the disk.
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan set work_mem = '32MB' as $$
begin
  perform priv.must_manage(p_team);
  if extract(day from p_from) <> 1 or extract(day from p_to) <> 1 then
    perform priv.fail('CR002', 'a report is about whole months');
  end if;
  return query
  with rates as materialized (
    select r.project_id, r.person_id, r.per_hour, r.effective_from,
      lead(r.effective_from, 1, 'infinity') over (partition by r.project_id, r.person_id order by r.effective_from) as until
    from coffee.rates r join coffee.projects p on p.id = r.project_id and p.team_id = p_team
    where r.replaced_at is null
  ), projects as materialized (
    -- With their places in the order of names: numbers are sorted in a fraction of the time.
    select p.id, p.name, b.*, dense_rank() over (order by b.client collate "C", p.name collate "C") as place
    from coffee.projects p
    left join coffee.billing_settings s on s.project_id = p.id
    cross join lateral (
      select coalesce(s.client, '') as client, coalesce(s.currency, 'USD') as currency,
        coalesce(s.ai_cost, 'none') <> 'none' as ai, coalesce(s.bill_delegated, false) as delegated,
        coalesce(s.ai_markup_percent, 0) * (coalesce(s.ai_cost, 'none') = 'markup')::int as markup,
        case s.rounding_per when 'month' then s.rounding_minutes * 60 end as step,
        case when coalesce(s.rounding_per, 'none') = 'none' then 'none'
          else format('up to %s min per %s', s.rounding_minutes, s.rounding_per) end as rounding) b
    where p.team_id = p_team and (p_client is null or b.client = p_client)
  ), named as materialized (
    select n.id, coalesce(w.name, n.name) as name,
      dense_rank() over (order by w.id is null, coalesce(w.name, n.name) collate "C") as place
    from priv.principals n left join coffee.people w on w.id = n.id
  ), months as materialized (
    -- A month lasts until the next one begins, also where a team's zone changes between them.
    select m.first::date as month, n.first::date as next,
      m.first at time zone (priv.granularity_of(p_team, m.first::date)).zone as starts_at,
      n.first at time zone (priv.granularity_of(p_team, n.first::date)).zone as ends_at
    from generate_series(p_from::timestamp, p_to::timestamp - interval '1 month', interval '1 month') m (first)
    cross join lateral (select m.first + interval '1 month') n (first)
  ), by_line as materialized (
    -- What is summed from its lines: all of a bill, and months in which a rate begins after the first day.
    select p.id as project_id, m.month, m.next
    from projects p cross join months m
    where p_exact or (p.id, m.month) in (
      select r.project_id, date_trunc('month', r.effective_from::timestamp)::date
      from rates r where extract(day from r.effective_from) <> 1)
  ), counted as (
    select true as whole, m.month as rate_day, m.* from coffee.published_months m
    where m.team_id = p_team and m.month >= p_from and m.month < p_to and not p_exact
      and not exists (select from by_line x where x.project_id = m.project_id and x.month = m.month)
    union all
    select false, l.first_day, l.team_id, x.month, l.person_id, l.project_id,
      l.issue, l.kind, l.model, l.measured_seconds, l.billed_seconds, l.sessions, l.issues, l.input_tokens,
      l.output_tokens, l.cache_read_tokens, l.cache_write_tokens, l.cost_nanos, l.unpriced_calls
    from by_line x
    join coffee.published_lines l on l.project_id = x.project_id and l.first_day >= x.month and l.first_day < x.next
    join coffee.published_summaries s
      on s.person_id = l.person_id and s.team_id = l.team_id and s.first_day = l.first_day
        and s.version = l.version and s.replaced_at is null
    where l.team_id = p_team
  ), rated as materialized (
    select l.*, case when l.kind <> 'ai' then coalesce(own.per_hour, usual.per_hour) end as per_hour
    from counted l
    left join rates own on own.project_id = l.project_id and own.person_id = l.person_id
      and own.effective_from <= l.rate_day and l.rate_day < own.until
    left join rates usual on usual.project_id = l.project_id and usual.person_id is null
      and usual.effective_from <= l.rate_day and l.rate_day < usual.until
  ), sums as (
    select l.project_id, l.person_id, l.month, l.issue, l.kind, l.model, l.per_hour, l.measured_seconds,
      l.billed_seconds, l.sessions, l.issues, l.input_tokens, l.output_tokens, l.cache_read_tokens,
      l.cache_write_tokens, l.cost_nanos, l.unpriced_calls
    from rated l where l.whole
    union all
    select l.project_id, l.person_id, l.month, l.issue, l.kind, l.model, l.per_hour, sum(l.measured_seconds)::bigint,
      sum(l.billed_seconds)::bigint, sum(l.sessions)::bigint, sum(l.issues)::bigint, sum(l.input_tokens)::bigint,
      sum(l.output_tokens)::bigint, sum(l.cache_read_tokens)::bigint, sum(l.cache_write_tokens)::bigint,
      sum(l.cost_nanos)::bigint, sum(l.unpriced_calls)::bigint
    from rated l where not l.whole group by 1, 2, 3, 4, 5, 6, 7
    union all
    -- Each project and month is a range of the key: joined by time alone, every bucket would meet every month.
    select p.id, nullif(t.daemon_id, '00000000-0000-0000-0000-000000000000'), m.month, '', 'ai', t.model, null,
      0, 0, 0, 0, t.input_tokens, t.output_tokens, t.cache_read, t.cache_write, t.cost_nanos, t.unpriced
    from projects p
    cross join months m
    cross join lateral (
      select b.daemon_id, b.model, sum(b.input_tokens)::bigint as input_tokens,
        sum(b.output_tokens)::bigint as output_tokens, sum(b.cache_read_tokens)::bigint as cache_read,
        sum(b.cache_write_5m_tokens + b.cache_write_1h_tokens)::bigint as cache_write,
        sum(b.cost_nanos)::bigint as cost_nanos, sum(b.unpriced_calls)::bigint as unpriced
      from coffee.trace_buckets b
      where b.project_id = p.id and b.bucket >= m.starts_at and b.bucket < m.ends_at
      group by b.daemon_id, b.model
      having sum(b.cost_nanos) > 0 or sum(b.unpriced_calls) > 0) t
    where p.ai
  )
  select p.client, p.currency, p.id, p.name, l.person_id, coalesce(who.name, 'programs'), l.month, l.issue, l.kind,
    l.model, l.measured_seconds, r.seconds, p.rounding, l.per_hour, l.sessions, l.issues, l.input_tokens,
    l.output_tokens, l.cache_read_tokens, l.cache_write_tokens, l.cost_nanos, l.unpriced_calls,
    case when l.kind = 'ai' then p.markup end,
    case when l.kind = 'ai' then round(l.cost_nanos::numeric * (100 + p.markup)
        * case when p.currency = 'USD' then 1 else p_exchange end / 100000000000, 2)
      else round(r.seconds * l.per_hour / 3600, 2) end
  from sums l
  join projects p on p.id = l.project_id
  cross join lateral (
    select case when p.step is null then l.billed_seconds else (l.measured_seconds + p.step - 1) / p.step * p.step end
  ) r (seconds)
  left join named who on who.id = l.person_id
  where (l.kind <> 'ai' or p.ai) and (l.kind <> 'delegated' or p.delegated)
  order by p.place, who.place, l.person_id, l.month, l.issue,
    case l.kind when 'time' then 1 when 'delegated' then 2 else 3 end, l.model, l.per_hour;
end
$$;

-- Makes the bill of a client's month, or finds it where the same inputs were billed before. Other inputs
-- make a bill that replaces the one before. The month is closed by it.
create function coffee.make_bill(
  p_team uuid, p_month date, p_client text, p_exchange_name text default null, p_exchange_rate numeric default null)
returns coffee.bills
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_manage(p_team);
  v_month date := date_trunc('month', p_month::timestamp)::date;
  v_lines jsonb;
  v_currencies text[];
  v_wrong text;
  v_last coffee.bills;
  v_bill coffee.bills;
begin
  if (p_exchange_name is null) <> (p_exchange_rate is null) or coalesce(length(p_exchange_name), 1) not between 1 and 100
    or p_exchange_name ~ priv.unprintable() or coalesce(p_exchange_rate, 1) not between 0.0000000001 and 1000000000 then
    perform priv.fail('CR002', 'an exchange rate has a name and is more than 0');
  end if;
  perform coffee.close_month(p_team, v_month);
  select coalesce(jsonb_agg(to_jsonb(l) order by l.ordinality), '[]'), array_agg(distinct l.currency),
    min(case when l.amount is null and l.kind = 'ai' then format('%s bills in %s: name the exchange rate of the models'' cost', l.project, l.currency)
      when l.amount is null then format('nobody set a rate for %s in %s', l.person, l.project) end)
  into v_lines, v_currencies, v_wrong
  from coffee.billing_lines(p_team, v_month, (v_month + interval '1 month')::date, p_client, p_exchange_rate, true)
    with ordinality l;
  if v_lines = '[]' or p_client is null then
    perform priv.fail('CR004', format('nothing was published for that client in %s', to_char(v_month, 'YYYY-MM')));
  end if;
  if cardinality(v_currencies) > 1 then
    perform priv.fail('CR002', format('the client''s projects bill in %s', array_to_string(v_currencies, ' and ')),
      'A bill has one currency.');
  end if;
  if v_wrong is not null then
    perform priv.fail('CR002', v_wrong, 'coffee-roadmap billing invoice --help; coffee-roadmap rates set --help');
  end if;
  if v_currencies[1] = 'USD' then
    p_exchange_name := null;
    p_exchange_rate := null;
  end if;
  v_bill.sha256 := sha256(convert_to(jsonb_build_array(p_team, v_month, p_client, v_currencies[1],
    p_exchange_name, p_exchange_rate, v_lines)::text, 'UTF8'));
  select * into v_last from coffee.bills b
  where b.team_id = p_team and b.month = v_month and b.client = p_client order by b.id desc limit 1;
  if v_last.sha256 = v_bill.sha256 then
    return v_last;
  end if;
  insert into coffee.bills (team_id, month, client, currency, exchange_name, exchange_rate, total, sha256, replaces, made_by)
  values (p_team, v_month, p_client, v_currencies[1], p_exchange_name, p_exchange_rate,
    (select sum((l ->> 'amount')::numeric) from jsonb_array_elements(v_lines) l), v_bill.sha256, v_last.id, v_me)
  returning * into v_bill;
  insert into coffee.bill_lines
  select v_bill.id, o.ordinality::int, p_team, l.project_id, l.person_id, l.month, l.issue, l.kind, l.model,
    l.measured_seconds, l.billed_seconds, l.per_hour, l.cost_nanos, l.markup_percent, l.amount
  from jsonb_array_elements(v_lines) with ordinality o,
    jsonb_to_record(o.value) as l(project_id uuid, person_id uuid, month date, issue text, kind text, model text,
      measured_seconds bigint, billed_seconds bigint, per_hour numeric, cost_nanos bigint, markup_percent numeric, amount numeric);
  perform audit.record('bill.make', jsonb_build_object(
    'id', v_bill.id, 'team', p_team, 'month', v_month, 'total', v_bill.total, 'sha256', encode(v_bill.sha256, 'hex')));
  return v_bill;
end
$$;

grant execute on function
  coffee.billing_lines(uuid, date, date, text, numeric, boolean), coffee.make_bill(uuid, date, text, text, numeric)
to coffee_manager;
