-- The ledger of API calls, and its sums.

create table coffee.usage_records (
  person_id uuid not null references priv.principals (id) on delete restrict,
  message_id text collate "C" not null check (length(message_id) <= 200),
  request_key text collate "C" not null check (length(request_key) <= 200),
  machine_id uuid not null,
  at timestamptz not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  logged_cost_nanos bigint,
  cost_nanos bigint,
  imported_at timestamptz not null default now(),
  pricing_version integer,
  is_sidechain boolean not null,
  request_id text collate "C",
  line_uuid text collate "C",
  session_id text collate "C",
  agent_id text collate "C",
  model text collate "C",
  speed text collate "C",
  folder text collate "C",
  git_branch text collate "C",
  version text collate "C",
  primary key (person_id, message_id, request_key),
  check (least(input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens) >= 0),
  check (length(concat(request_id, line_uuid, session_id, agent_id, model, speed, folder, git_branch, version)) <= 6000)
);
create index usage_records_at on coffee.usage_records (person_id, at);
comment on table coffee.usage_records is 'Each API call once, whatever files, machines and roads it came by: of several copies the first in one total order (priv.usage_rank).';
comment on column coffee.usage_records.message_id is 'Empty where the log has none; then request_key is the line''s uuid.';
comment on column coffee.usage_records.request_key is 'The request id, or empty. Always empty for a call of a side chain, whose copies carry new request ids.';
comment on column coffee.usage_records.machine_id is 'Of coffee.machines, which the import has made sure of: a foreign key would look it up for every row.';
comment on column coffee.usage_records.cost_nanos is 'Nano-USD: what the log says, else by the price list; null: no price is known.';
comment on column coffee.usage_records.pricing_version is 'Of the price list; null where the log says the cost or no price is known.';

create table coffee.usage_buckets (
  person_id uuid not null references priv.principals (id) on delete restrict,
  bucket timestamptz not null,
  machine_id uuid not null,
  model text collate "C" not null,
  folder_key uuid not null,
  folder text not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  cost_nanos bigint not null,
  unpriced_calls bigint not null,
  primary key (person_id, bucket, machine_id, model, folder_key)
) with (fillfactor = 70);
comment on table coffee.usage_buckets is 'Sums of coffee.usage_records over 15 minutes UTC: no zone has an offset that is no multiple of that.';
comment on column coffee.usage_buckets.folder_key is 'MD5 of the folder, because paths are too long for a key. An absent folder or model is empty.';

create table coffee.reporting_zones (
  zone text primary key check (length(zone) between 1 and 60),
  added_at timestamptz not null default now()
);
insert into coffee.reporting_zones (zone) values ('UTC');
comment on table coffee.reporting_zones is 'Time zones for which sums of local days are kept. UTC is always there.';

create table coffee.usage_days (
  person_id uuid not null references priv.principals (id) on delete restrict,
  zone text not null references coffee.reporting_zones (zone) on delete restrict,
  day date not null,
  machine_id uuid not null,
  model text collate "C" not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  cost_nanos bigint not null,
  unpriced_calls bigint not null,
  primary key (person_id, zone, day, machine_id, model)
) with (fillfactor = 70);
create index usage_days_zone on coffee.usage_days (zone, day);
comment on table coffee.usage_days is 'Sums of coffee.usage_records over local days, for each zone of coffee.reporting_zones.';
