-- Sums of what is published, by month: a report over a year reads a twelfth of the rows or less.

create table coffee.published_months (
  team_id uuid not null references coffee.teams (id) on delete restrict,
  month date not null check (extract(day from month) = 1),
  person_id uuid not null references priv.principals (id) on delete restrict,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  issue text collate "C" not null,
  kind text collate "C" not null,
  model text collate "C" not null,
  measured_seconds bigint not null,
  billed_seconds bigint not null,
  sessions bigint not null,
  issues bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  cost_nanos bigint not null,
  unpriced_calls bigint not null,
  primary key (team_id, month, person_id, project_id, issue, kind, model)
);
create index published_months_person on coffee.published_months (person_id);
create index published_months_project on coffee.published_months (project_id);
comment on table coffee.published_months is 'Sums of coffee.published_lines of current versions, kept by whoever publishes, in the same transaction. Bills are made of the lines themselves.';

-- What is there already.
alter table coffee.published_lines no force row level security;
alter table coffee.published_summaries no force row level security;
insert into coffee.published_months
select l.team_id, date_trunc('month', l.first_day::timestamp)::date, l.person_id, l.project_id, l.issue, l.kind, l.model,
  sum(l.measured_seconds), sum(l.billed_seconds), sum(l.sessions), sum(l.issues), sum(l.input_tokens),
  sum(l.output_tokens), sum(l.cache_read_tokens), sum(l.cache_write_tokens), sum(l.cost_nanos), sum(l.unpriced_calls)
from coffee.published_lines l
join coffee.published_summaries s using (person_id, team_id, first_day, version)
where s.replaced_at is null
group by 1, 2, 3, 4, 5, 6, 7;
alter table coffee.published_lines force row level security;
alter table coffee.published_summaries force row level security;
