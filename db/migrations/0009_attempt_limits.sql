-- What limits an attempt over its whole life, however many daemons go on with it on however many days.

alter table coffee.attempts
  add column worked_s integer not null default 0 check (worked_s >= 0),
  add column cost_day date not null default (now() at time zone 'UTC')::date,
  add column cost_before_day_usd numeric(14, 6) not null default 0
    check (cost_before_day_usd >= 0 and cost_before_day_usd <> 'NaN');
create index attempts_project_cost_day on coffee.attempts (project_id, cost_day);
comment on column coffee.attempts.worked_s is 'Seconds that its agent has worked, without those in which it waited for a person or was held. Limited by projects.attempt_minutes.';
comment on column coffee.attempts.cost_day is 'The UTC day on which it last cost something.';
comment on column coffee.attempts.cost_before_day_usd is 'What of cost_usd was spent before cost_day; the rest counts towards that day''s budget.';
