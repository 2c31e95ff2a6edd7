-- What budgets count: read by functions/budgets.sql, and by people with their own rights.

create view analytics.attempt_spend with (security_invoker) as
  select a.id as attempt_id, a.project_id, a.item_id, a.started_at, a.ended_at, a.cost_day,
    case when g.priced > 0 and g.unpriced = 0 then g.usd else greatest(a.cost_usd, g.usd) end as cost_usd,
    case when g.priced > 0 and g.unpriced = 0 then g.today_usd else greatest(
      case when a.cost_day = t.today then a.cost_usd - a.cost_before_day_usd else 0 end, g.today_usd)
    end as today_usd,
    a.cost_usd as reported_usd, g.calls, g.unpriced as unpriced_calls
  from coffee.attempts a
  cross join (select (now() at time zone 'UTC')::date as today) t
  cross join lateral (
    select count(*) as calls, count(c.cost_nanos) as priced, count(*) filter (where c.unpriced) as unpriced,
      coalesce(sum(c.cost_nanos), 0) * 0.000000001 as usd,
      coalesce(sum(c.cost_nanos) filter (where c.at >= t.today::timestamp at time zone 'UTC'), 0) * 0.000000001
        as today_usd
    from coffee.generations c where c.attempt_id = a.id) g;
comment on view analytics.attempt_spend is 'What each attempt cost, as budgets count it: its calls, where all of them have a price.';
comment on column analytics.attempt_spend.attempt_id is 'The attempt.';
comment on column analytics.attempt_spend.project_id is 'Its project.';
comment on column analytics.attempt_spend.item_id is 'Its item.';
comment on column analytics.attempt_spend.started_at is 'When it began.';
comment on column analytics.attempt_spend.ended_at is 'When it ended; null: it goes on.';
comment on column analytics.attempt_spend.cost_day is 'The UTC day on which the agent last reported a cost.';
comment on column analytics.attempt_spend.cost_usd is 'USD: the sum of its calls; where one is unpriced or none is known, at least what the agent reported.';
comment on column analytics.attempt_spend.today_usd is 'What of it was spent since midnight UTC.';
comment on column analytics.attempt_spend.reported_usd is 'USD by the agent program''s own figures.';
comment on column analytics.attempt_spend.calls is 'Calls of a model that its trace holds.';
comment on column analytics.attempt_spend.unpriced_calls is 'Of them, those whose cost nobody knows.';

grant select on analytics.attempt_spend to coffee_user, coffee_api;
