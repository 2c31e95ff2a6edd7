-- What work is worth, what people publish of their time, and what is billed for it. Nothing here holds a
-- time of day, a folder, a window or a message.

create table coffee.granularities (
  team_id uuid not null references coffee.teams (id) on delete restrict,
  from_month date not null check (extract(day from from_month) = 1),
  period text not null check (period in ('day', 'week', 'month')),
  per text not null check (per in ('project', 'issue')),
  zone text not null check (length(zone) between 1 and 60),
  close_days integer not null check (close_days between 0 and 60),
  least_people integer not null check (least_people between 3 and 1000),
  set_by uuid references priv.principals (id) on delete restrict,
  set_at timestamptz not null default now(),
  primary key (team_id, from_month)
);
create index granularities_set_by on coffee.granularities (set_by);
comment on table coffee.granularities is 'How finely the members of a team publish, from a month on. A week is cut where a month ends, so that every month is a whole number of periods. Without a row: month, project, UTC, 3 days, 5 people.';
comment on column coffee.granularities.close_days is 'Days after the end of a period until it is closed: from then on what was published is not changed, but followed by another version.';
comment on column coffee.granularities.least_people is 'Team insights are about at least so many people besides whoever looks.';

create table coffee.billing_settings (
  project_id uuid primary key references coffee.projects (id) on delete restrict,
  client text not null default '' check (length(client) <= 100 and client !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  rounding_per text not null default 'none' check (rounding_per in ('none', 'entry', 'day', 'month')),
  rounding_minutes integer not null default 1 check (rounding_minutes between 1 and 480),
  budget numeric(14, 2) check (budget >= 0 and budget <> 'NaN'),
  ai_cost text not null default 'none' check (ai_cost in ('none', 'at_cost', 'markup')),
  ai_markup_percent numeric(7, 3) not null default 0 check (ai_markup_percent between 0 and 1000),
  bill_delegated boolean not null default false,
  set_at timestamptz not null default now()
);
comment on column coffee.billing_settings.budget is 'What a month may come to, in the project''s currency. Null: no limit.';
comment on column coffee.billing_settings.ai_cost is 'Whether the cost of models is passed on; only then members publish it.';
comment on column coffee.billing_settings.bill_delegated is 'Whether time of agents is billed, apart from that of people.';

create table coffee.rates (
  id bigint generated always as identity primary key,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  person_id uuid references priv.principals (id) on delete restrict,
  effective_from date not null,
  per_hour numeric(14, 4) not null check (per_hour >= 0 and per_hour <> 'NaN'),
  set_by uuid not null references priv.principals (id) on delete restrict,
  set_at timestamptz not null default now(),
  replaced_at timestamptz
);
create index rates_project on coffee.rates (project_id);
create unique index rates_current on coffee.rates
  (project_id, coalesce(person_id, '00000000-0000-0000-0000-000000000000'), effective_from) where replaced_at is null;
create index rates_person on coffee.rates (person_id);
create index rates_set_by on coffee.rates (set_by);
comment on table coffee.rates is 'An hour''s price in the project''s currency, from a day on. What was replaced is kept.';
comment on column coffee.rates.person_id is 'Null: for whoever has no rate of their own.';

create table coffee.project_links (
  person_id uuid not null references priv.principals (id) on delete restrict,
  kind text not null check (kind in ('folder', 'remote', 'tag', 'stream')),
  value text collate "C" not null check (length(value) between 1 and 4096 and value !~ '[\u0001-\u001f\u007f-\u009f]'),
  project_id uuid not null,
  linked_at timestamptz not null default now(),
  primary key (person_id, kind, value)
);
create index project_links_project on coffee.project_links (project_id);
comment on table coffee.project_links is 'Which of a person''s folders, remotes, tags and streams belong to a project. For that person alone; what is not here is never published.';
comment on column coffee.project_links.project_id is 'Of the team''s database, which may be another one than this.';

create table coffee.published_summaries (
  person_id uuid not null references priv.principals (id) on delete restrict,
  team_id uuid not null references coffee.teams (id) on delete restrict,
  first_day date not null,
  version integer not null check (version > 0),
  end_day date not null,
  period text not null,
  per text not null,
  zone text not null,
  sha256 bytea not null check (length(sha256) = 32),
  predecessor bytea check (length(predecessor) = 32),
  reason text check (length(reason) between 1 and 500 and reason !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  layer text not null check (layer in ('git_hook', 'service', 'ci', 'hand')),
  published_at timestamptz not null default clock_timestamp(),
  replaced_at timestamptz,
  primary key (person_id, team_id, first_day, version),
  check (first_day < end_day),
  check ((version = 1) = (predecessor is null)),
  check ((version = 1) = (reason is null))
);
create index published_summaries_team on coffee.published_summaries (team_id, first_day);
create unique index published_summaries_current on coffee.published_summaries (team_id, first_day, person_id) where replaced_at is null;
comment on table coffee.published_summaries is 'What a person published of a period, whole: a version without lines is an explicit zero. Only the person publishes. Once the period is closed, a change is a new version with a reason.';
comment on column coffee.published_summaries.end_day is 'The first day after the period.';
comment on column coffee.published_summaries.sha256 is 'Of the canonical JSON that priv.summary_document makes of this row and its lines.';
comment on column coffee.published_summaries.predecessor is 'The digest of the version before.';

create table coffee.published_lines (
  person_id uuid not null,
  team_id uuid not null,
  first_day date not null,
  version integer not null,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  issue text collate "C" not null default '' check (length(issue) <= 200 and issue !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  kind text collate "C" not null check (kind in ('time', 'delegated', 'ai')),
  model text collate "C" not null default '' check (length(model) <= 200 and model !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  measured_seconds bigint not null default 0 check (measured_seconds between 0 and 1000000000),
  billed_seconds bigint not null default 0 check (billed_seconds between 0 and 1000000000),
  sessions integer not null default 0 check (sessions between 0 and 1000000),
  issues integer not null default 0 check (issues between 0 and 1000000),
  input_tokens bigint not null default 0 check (input_tokens >= 0),
  output_tokens bigint not null default 0 check (output_tokens >= 0),
  cache_read_tokens bigint not null default 0 check (cache_read_tokens >= 0),
  cache_write_tokens bigint not null default 0 check (cache_write_tokens >= 0),
  cost_nanos bigint not null default 0 check (cost_nanos >= 0),
  unpriced_calls bigint not null default 0 check (unpriced_calls >= 0),
  primary key (person_id, team_id, first_day, version, project_id, issue, kind, model),
  foreign key (person_id, team_id, first_day, version)
    references coffee.published_summaries (person_id, team_id, first_day, version) on delete restrict
    deferrable initially deferred,
  check ((kind = 'ai') or (model = '' and cost_nanos = 0 and unpriced_calls = 0
    and input_tokens + output_tokens + cache_read_tokens + cache_write_tokens = 0)),
  check ((kind <> 'ai') or (measured_seconds = 0 and billed_seconds = 0 and sessions = 0 and issues = 0))
);
create index published_lines_project on coffee.published_lines (project_id, first_day);
create index published_lines_team on coffee.published_lines (team_id, first_day);
comment on column coffee.published_lines.issue is 'provider:id, where the team publishes by issue; else empty.';
comment on column coffee.published_lines.billed_seconds is 'Rounded as the project says, where it rounds entries or days; months are rounded on the bill.';
comment on column coffee.published_lines.cost_nanos is 'Nano-USD.';

create table coffee.closed_months (
  team_id uuid not null references coffee.teams (id) on delete restrict,
  month date not null check (extract(day from month) = 1),
  closed_by uuid not null references priv.principals (id) on delete restrict,
  closed_at timestamptz not null default now(),
  primary key (team_id, month)
);
create index closed_months_closed_by on coffee.closed_months (closed_by);
comment on table coffee.closed_months is 'Months that were closed by hand or by a bill, before the days of grace were over.';

create table coffee.publications (
  id bigint generated always as identity primary key,
  person_id uuid not null references priv.principals (id) on delete restrict,
  team_id uuid not null references coffee.teams (id) on delete restrict,
  layer text not null check (layer in ('git_hook', 'service', 'ci', 'hand')),
  at timestamptz not null default clock_timestamp(),
  ok boolean not null,
  code text check (code ~ '^[a-z_]{1,40}$'),
  periods integer not null check (periods between 0 and 100000),
  changed integer not null check (changed between 0 and 100000),
  check (ok = (code is null))
);
create index publications_team on coffee.publications (team_id, at);
create index publications_person on coffee.publications (person_id, at);
comment on table coffee.publications is 'Each run of a publication: which layer, and what became of it.';

create table coffee.publisher_beats (
  person_id uuid not null references priv.principals (id) on delete restrict,
  team_id uuid not null references coffee.teams (id) on delete restrict,
  bucket timestamptz not null,
  primary key (person_id, team_id, bucket)
);
create index publisher_beats_team on coffee.publisher_beats (team_id, bucket);
comment on table coffee.publisher_beats is 'Quarter hours in which a person''s background service was there.';

create table coffee.bills (
  id integer generated always as identity primary key,
  team_id uuid not null references coffee.teams (id) on delete restrict,
  month date not null check (extract(day from month) = 1),
  client text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  exchange_name text check (length(exchange_name) between 1 and 100 and exchange_name !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  exchange_rate numeric(20, 10) check (exchange_rate > 0 and exchange_rate <> 'NaN'),
  total numeric(20, 2) not null,
  sha256 bytea not null check (length(sha256) = 32),
  replaces integer references coffee.bills (id) on delete restrict,
  made_by uuid not null references priv.principals (id) on delete restrict,
  made_at timestamptz not null default now(),
  check ((exchange_name is null) = (exchange_rate is null))
);
create index bills_team on coffee.bills (team_id, month, client);
create index bills_replaces on coffee.bills (replaces);
create index bills_made_by on coffee.bills (made_by);
comment on column coffee.bills.exchange_rate is 'What one USD is worth in the bill''s currency, for what models cost.';
comment on column coffee.bills.sha256 is 'Of the lines: the same inputs are the same bill.';

create table coffee.bill_lines (
  bill_id integer not null references coffee.bills (id) on delete restrict,
  line integer not null check (line > 0),
  team_id uuid not null references coffee.teams (id) on delete restrict,
  project_id uuid not null references coffee.projects (id) on delete restrict,
  person_id uuid not null references priv.principals (id) on delete restrict,
  month date not null,
  issue text collate "C" not null,
  kind text collate "C" not null,
  model text collate "C" not null,
  measured_seconds bigint not null,
  billed_seconds bigint not null,
  per_hour numeric(14, 4),
  cost_nanos bigint not null,
  markup_percent numeric(7, 3),
  amount numeric(20, 2) not null,
  primary key (bill_id, line)
);
create index bill_lines_person on coffee.bill_lines (person_id);
create index bill_lines_project on coffee.bill_lines (project_id);
create index bill_lines_team on coffee.bill_lines (team_id);

create table coffee.team_insights (
  team_id uuid not null references coffee.teams (id) on delete restrict,
  first_day date not null,
  end_day date not null,
  metric text collate "C" not null check (metric in ('calls', 'tokens', 'cost_nanos', 'phrases')),
  value numeric,
  decided_at timestamptz not null default now(),
  primary key (team_id, first_day, metric),
  check (first_day < end_day)
);
comment on table coffee.team_insights is 'Sums over a team and a closed period (UTC days), rounded to two digits; null: withheld, because it would tell of fewer people than the team wants. Decided once.';

create table priv.insight_people (
  team_id uuid not null references coffee.teams (id) on delete restrict,
  first_day date not null,
  end_day date not null,
  metric text collate "C" not null,
  people uuid[] not null,
  shown boolean not null,
  primary key (team_id, first_day, metric)
);
comment on table priv.insight_people is 'Whom a sum is made of: what another team shows may not differ by a few of them.';
