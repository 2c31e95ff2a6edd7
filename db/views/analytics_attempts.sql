-- What an attempt cost, everywhere: budgets (functions/budgets.sql), roadmap, Slack and people's own tools.

-- Both with the rights of their owner: agents and the Slack bot may know what was spent, and read no calls.
create view priv.attempt_spend with (security_barrier) as
  select a.id as attempt_id, a.project_id, a.item_id, a.started_at, a.ended_at, a.cost_day,
    case when g.by_calls then g.usd else greatest(a.cost_usd, g.usd) end as cost_usd,
    case when g.by_calls then g.today_usd else greatest(
      case when a.cost_day = t.today then a.cost_usd - a.cost_before_day_usd else 0 end, g.today_usd)
    end as today_usd,
    not g.by_calls and greatest(a.cost_usd, g.usd) > 0 as as_reported,
    a.cost_usd as reported_usd, g.calls, g.unpriced as unpriced_calls,
    -- What budgets of a day look at: it reported a cost today, or was at work, and its agent may say no costs.
    -- One may have been left open, but not for ever.
    a.cost_day = t.today or a.started_at > now() - interval '30 days'
      and coalesce(a.ended_at, 'infinity') >= t.today::timestamp at time zone 'UTC' as of_today
  from coffee.attempts a
  cross join (select (now() at time zone 'UTC')::date as today) t
  cross join lateral (
    select count(*) as calls, count(*) filter (where c.unpriced) as unpriced,
      count(c.cost_nanos) > 0 and count(*) filter (where c.unpriced) = 0 as by_calls,
      coalesce(sum(c.cost_nanos), 0) * 0.000000001 as usd,
      coalesce(sum(c.cost_nanos) filter (where c.at >= t.today::timestamp at time zone 'UTC'), 0) * 0.000000001
        as today_usd
    from coffee.generations c where c.attempt_id = a.id) g;
comment on view priv.attempt_spend is 'analytics.attempt_spend of all projects, for functions that know whose they ask for.';

create view analytics.attempt_spend with (security_barrier) as
  select s.attempt_id, s.project_id, s.item_id, s.started_at, s.ended_at, s.cost_day, s.cost_usd, s.today_usd,
    s.as_reported, s.reported_usd, s.calls, s.unpriced_calls, s.of_today
  from priv.attempt_spend s where s.project_id = any ((select priv.my_projects())::uuid[]);
comment on view analytics.attempt_spend is 'What each attempt cost, as budgets count it: its calls, where all of them have a price.';
comment on column analytics.attempt_spend.attempt_id is 'The attempt.';
comment on column analytics.attempt_spend.project_id is 'Its project.';
comment on column analytics.attempt_spend.item_id is 'Its item.';
comment on column analytics.attempt_spend.started_at is 'When it began.';
comment on column analytics.attempt_spend.ended_at is 'When it ended; null: it goes on.';
comment on column analytics.attempt_spend.cost_day is 'The UTC day on which the agent last reported a cost.';
comment on column analytics.attempt_spend.cost_usd is 'USD: the sum of its calls; where one is unpriced or none is known, at least what the agent reported.';
comment on column analytics.attempt_spend.today_usd is 'What of it was spent since midnight UTC.';
comment on column analytics.attempt_spend.as_reported is 'cost_usd is not the sum of its calls: one is unpriced, or none is known.';
comment on column analytics.attempt_spend.reported_usd is 'USD by the agent program''s own figures.';
comment on column analytics.attempt_spend.calls is 'Calls of a model that its trace holds.';
comment on column analytics.attempt_spend.unpriced_calls is 'Of them, those whose cost nobody knows.';
comment on column analytics.attempt_spend.of_today is 'today_usd may be more than nothing.';

grant select on analytics.attempt_spend to coffee_user, coffee_agent, coffee_slackbot;
