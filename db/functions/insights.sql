-- Sums over a team and a closed period, for the whole team to see. Withheld where they would tell of a few:
-- fewer than k people besides any one of them who looks; one who makes up more than half; or a sum of
-- another team over an overlapping time that differs by k people or fewer, by the larger k of the two: whoever
-- looks may be one of them. Decided once, rounded, never changed. What remains: sums of three and more
-- overlapping teams can be combined; and analytics.team_usage shows members their team's days as they are.

create function priv.insight_sums(p_team uuid, p_first_day date, p_end_day date)
returns table (metric text, person_id uuid, value numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with members as (
    select m.member_id from coffee.memberships m join coffee.people p on p.id = m.member_id
    where m.team_id = p_team
  )
  select s.metric, d.person_id, sum(s.value)
  from coffee.usage_days d join members m on m.member_id = d.person_id
  cross join lateral (values ('calls', d.calls::numeric),
    ('tokens', d.input_tokens + d.output_tokens + d.cache_read_tokens + d.cache_write_5m_tokens + d.cache_write_1h_tokens::numeric),
    ('cost_nanos', d.cost_nanos::numeric)) s (metric, value)
  where d.zone = 'UTC' and d.day >= p_first_day and d.day < p_end_day
  group by 1, 2 having sum(s.value) > 0
  union all
  select 'phrases', c.person_id, sum(c.messages)
  from coffee.day_counts c join members m on m.member_id = c.person_id
  join coffee.phrase_patterns p on p.pattern = c.pattern
  where c.day >= p_first_day and c.day < p_end_day
  group by 1, 2 having sum(c.messages) > 0
$$;

create function coffee.publish_insights(p_team uuid, p_first_day date) returns setof coffee.team_insights
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_manage(p_team);
  v_period record;
  v_k integer := (priv.granularity_of(p_team, p_first_day)).least_people;
  v_metric text;
  v_people uuid[];
  v_total numeric;
  v_largest numeric;
  v_shown boolean;
begin
  select f.first_day, f.end_day into v_period from priv.period_of(p_team, p_first_day) f;
  if p_first_day is null or v_period.first_day <> p_first_day then
    perform priv.fail('CR002', format('no period of the team begins on %s', p_first_day),
      format('One begins on %s.', v_period.first_day));
  end if;
  -- The sums are of UTC days, which may end after the team's own.
  if clock_timestamp() < v_period.end_day::timestamp at time zone 'UTC'
    or not priv.period_closed(p_team, v_period.first_day, v_period.end_day) then
    perform priv.fail('CR002', 'this period is not closed');
  end if;
  perform pg_advisory_xact_lock(78, 0); -- what other teams show is looked at
  foreach v_metric in array array['calls', 'tokens', 'cost_nanos', 'phrases'] loop
    continue when exists (select from coffee.team_insights i
      where i.team_id = p_team and i.first_day = p_first_day and i.metric = v_metric);
    select coalesce(array_agg(s.person_id order by s.person_id), '{}'), sum(s.value), max(s.value)
    into v_people, v_total, v_largest
    from priv.insight_sums(p_team, v_period.first_day, v_period.end_day) s where s.metric = v_metric;
    v_shown := cardinality(v_people) - 1 >= v_k and v_largest * 2 <= v_total and not exists (
      select from priv.insight_people o
      cross join lateral (select
        (select count(*) from unnest(o.people) a where not a = any (v_people))
        + (select count(*) from unnest(v_people) b where not b = any (o.people)) as others) d
      where o.metric = v_metric and o.shown and o.first_day < v_period.end_day and v_period.first_day < o.end_day
        and d.others between 1 and greatest(v_k, o.least_people));
    insert into priv.insight_people (team_id, first_day, end_day, metric, people, shown, least_people)
    values (p_team, v_period.first_day, v_period.end_day, v_metric, v_people, v_shown, v_k);
    insert into coffee.team_insights (team_id, first_day, end_day, metric, value)
    values (p_team, v_period.first_day, v_period.end_day, v_metric,
      case when v_shown then round(v_total, 1 - floor(log(v_total))::integer) end);
  end loop;
  return query select * from coffee.team_insights i
    where i.team_id = p_team and i.first_day = p_first_day order by i.metric;
end
$$;

grant execute on function coffee.publish_insights(uuid, date) to coffee_manager;
