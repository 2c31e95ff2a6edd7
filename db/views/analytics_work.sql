-- For people's own tools: everything here is read with the reader's own rights (security_invoker), so that
-- a person sees their teams and their own machines and nobody else. Money is USD; days are local to zone.

create view analytics.priorities with (security_invoker) as
  select i.project_id, p.name as project, i.id as item_id, i.number as priority, i.title, i.state,
    i.created_at, first.at as started_at, last.at as done_at,
    extract(epoch from last.at - first.at)::double precision / 3600 as hours_to_done,
    coalesce(a.attempts, 0) as attempts, coalesce(a.failures, 0) as failures,
    coalesce((select sum(s.cost_usd) from analytics.attempt_spend s where s.item_id = i.id), 0) as cost_usd,
    p.budget_item_usd as budget_usd,
    coalesce(n.questions, 0) as questions, coalesce(n.open_questions, 0) as open_questions,
    coalesce(n.waiting_hours, 0) as waiting_hours
  from coffee.roadmap_items i
  join coffee.projects p on p.id = i.project_id
  left join lateral (
    select count(*) as attempts, count(*) filter (where t.outcome <> 'review') as failures
    from coffee.attempts t where t.item_id = i.id) a on true
  left join lateral (
    select count(*) as questions, count(*) filter (where q.state = 'pending') as open_questions,
      sum(extract(epoch from coalesce(q.answered_at, case when q.state = 'pending' then now() end) - q.created_at))
        ::double precision / 3600 as waiting_hours
    from coffee.notifications q where q.item_id = i.id and q.kind = 'question') n on true
  left join lateral (
    select min(t.started_at) as at from coffee.attempts t where t.item_id = i.id) first on true
  left join lateral (
    select max(h.changed_at) as at from coffee.roadmap_history h
    where i.state = 'done' and h.item_id = i.id and h.after ->> 'state' = 'done') last on true;
comment on view analytics.priorities is 'Every priority: how long it took, what it cost, how often it was tried, how long it waited for people.';
comment on column analytics.priorities.project_id is 'The project.';
comment on column analytics.priorities.project is 'Its name.';
comment on column analytics.priorities.item_id is 'The item.';
comment on column analytics.priorities.priority is 'Its number as people say it.';
comment on column analytics.priorities.title is 'Its title.';
comment on column analytics.priorities.state is 'planned, in_progress, in_review, done or blocked.';
comment on column analytics.priorities.created_at is 'When it was written down.';
comment on column analytics.priorities.started_at is 'When a daemon first worked on it.';
comment on column analytics.priorities.done_at is 'When it last became done; null where it is not.';
comment on column analytics.priorities.hours_to_done is 'From the first attempt to done.';
comment on column analytics.priorities.attempts is 'How often it was tried.';
comment on column analytics.priorities.failures is 'Attempts that ended otherwise than in a review.';
comment on column analytics.priorities.cost_usd is 'USD, as analytics.attempt_spend counts.';
comment on column analytics.priorities.budget_usd is 'USD that the project allows for one item; null: no limit.';
comment on column analytics.priorities.questions is 'Questions that were asked about it.';
comment on column analytics.priorities.open_questions is 'Questions that wait for somebody.';
comment on column analytics.priorities.waiting_hours is 'Hours that its questions waited, or wait, added up.';

create view analytics.questions with (security_invoker) as
  select n.project_id, p.name as project, i.number as priority, n.id as notification_id, n.title, n.state,
    n.created_at as asked_at, n.answered_at, n.answered_via,
    extract(epoch from coalesce(n.answered_at, case when n.state = 'pending' then now() end) - n.created_at)
      ::double precision / 60 as waited_minutes
  from coffee.notifications n
  join coffee.projects p on p.id = n.project_id
  left join coffee.roadmap_items i on i.id = n.item_id
  where n.kind = 'question';
comment on view analytics.questions is 'Every question to people: when it was asked, and how long it waited.';
comment on column analytics.questions.project_id is 'The project.';
comment on column analytics.questions.project is 'Its name.';
comment on column analytics.questions.priority is 'The number of the item that it is about; null: none.';
comment on column analytics.questions.notification_id is 'Its number, as coffee-roadmap respond takes it.';
comment on column analytics.questions.title is 'The question.';
comment on column analytics.questions.state is 'pending, answered, timed_out or withdrawn.';
comment on column analytics.questions.asked_at is 'When it was asked.';
comment on column analytics.questions.answered_at is 'When it was answered, or its time ran out.';
comment on column analytics.questions.answered_via is 'The way the answer came: cli, slack, dashboard.';
comment on column analytics.questions.waited_minutes is 'Minutes until the answer, or until now; null where it was withdrawn.';

create view analytics.attempt_days with (security_invoker) as
  select z.zone, (a.started_at at time zone z.zone)::date as day, a.project_id, p.name as project,
    coalesce(a.outcome::text, 'running') as outcome, a.agent, count(*) as attempts,
    count(*) filter (where a.outcome in ('no_change', 'failed', 'timed_out', 'over_budget')) as failures,
    sum(a.takeovers)::bigint as takeovers,
    sum((select s.cost_usd from analytics.attempt_spend s where s.attempt_id = a.id)) as cost_usd,
    sum(extract(epoch from coalesce(a.ended_at, now()) - a.started_at))::double precision / 60 as minutes
  from coffee.attempts a
  join coffee.projects p on p.id = a.project_id
  cross join coffee.reporting_zones z
  group by z.zone, 2, a.project_id, p.name, a.outcome, a.agent;
comment on view analytics.attempt_days is 'Attempts by local day, project and outcome.';
comment on column analytics.attempt_days.zone is 'The time zone whose day it is. Always say which.';
comment on column analytics.attempt_days.day is 'The local day on which they began.';
comment on column analytics.attempt_days.project_id is 'The project.';
comment on column analytics.attempt_days.project is 'Its name.';
comment on column analytics.attempt_days.outcome is 'review, no_change, failed, timed_out, over_budget, stopped, or running.';
comment on column analytics.attempt_days.agent is 'The agent program.';
comment on column analytics.attempt_days.attempts is 'How many.';
comment on column analytics.attempt_days.failures is 'Of them, how many came to nothing by themselves.';
comment on column analytics.attempt_days.takeovers is 'How often a daemon went on where another had stopped.';
comment on column analytics.attempt_days.cost_usd is 'USD, as analytics.attempt_spend counts, on the day on which the attempt began.';
comment on column analytics.attempt_days.minutes is 'Minutes that they took, added up.';

create view analytics.budgets with (security_invoker) as
  select p.id as project_id, p.name as project, p.budget_day_usd, p.budget_item_usd,
    coalesce(s.spent_usd, 0) as spent_today_usd,
    coalesce(s.spent_usd, 0) / nullif(p.budget_day_usd, 0) as spent_share
  from coffee.projects p
  left join lateral (
    select sum(a.today_usd) as spent_usd from analytics.attempt_spend a
    where a.project_id = p.id and a.of_today) s on true
  where p.archived_at is null;
comment on view analytics.budgets is 'What each project has spent today (UTC, as its budget counts) and may spend.';
comment on column analytics.budgets.project_id is 'The project.';
comment on column analytics.budgets.project is 'Its name.';
comment on column analytics.budgets.budget_day_usd is 'USD a day; null: no limit.';
comment on column analytics.budgets.budget_item_usd is 'USD for one item; null: no limit.';
comment on column analytics.budgets.spent_today_usd is 'USD since midnight UTC, as analytics.attempt_spend counts.';
comment on column analytics.budgets.spent_share is 'spent_today_usd of budget_day_usd; null without a limit.';

grant select on analytics.priorities, analytics.questions, analytics.attempt_days, analytics.budgets
  to coffee_user;
grant select on analytics.budgets to coffee_slackbot;
