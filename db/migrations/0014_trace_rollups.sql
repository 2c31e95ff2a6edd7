-- Sums of coffee.generations, kept by the write that changes them.

create table coffee.trace_buckets (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  bucket timestamptz not null,
  model text collate "C" not null,
  daemon_id uuid not null,
  item_id bigint not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  cost_nanos bigint not null,
  unpriced_calls bigint not null,
  failed_calls bigint not null,
  duration_ms bigint not null,
  primary key (project_id, bucket, model, daemon_id, item_id)
) with (fillfactor = 70);
create index trace_buckets_daemon on coffee.trace_buckets (daemon_id, bucket);
comment on table coffee.trace_buckets is 'Sums of coffee.generations over 15 minutes UTC: no zone has an offset that is no multiple of that.';
comment on column coffee.trace_buckets.model is 'As the price list has it; empty where none was reported.';
comment on column coffee.trace_buckets.daemon_id is 'The daemon of ours that made the calls; nil: others, with a project key.';
comment on column coffee.trace_buckets.item_id is 'The roadmap item that the calls were for; 0: none.';
comment on column coffee.trace_buckets.unpriced_calls is 'Calls with tokens whose cost nobody knows: cost_nanos is without them.';
comment on column coffee.trace_buckets.failed_calls is 'Calls of level ERROR.';
comment on column coffee.trace_buckets.duration_ms is 'Of calls that have a start and an end.';

create table coffee.trace_days (
  project_id uuid not null references coffee.projects (id) on delete restrict,
  zone text not null references coffee.reporting_zones (zone) on delete restrict,
  day date not null,
  model text collate "C" not null,
  daemon_id uuid not null,
  item_id bigint not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_5m_tokens bigint not null,
  cache_write_1h_tokens bigint not null,
  cost_nanos bigint not null,
  unpriced_calls bigint not null,
  failed_calls bigint not null,
  duration_ms bigint not null,
  primary key (project_id, zone, day, model, daemon_id, item_id)
) with (fillfactor = 70);
create index trace_days_zone on coffee.trace_days (zone, day);
create index trace_days_daemon on coffee.trace_days (daemon_id, zone, day);
comment on table coffee.trace_days is 'Sums of coffee.generations over local days, for each zone of coffee.reporting_zones; columns as in coffee.trace_buckets.';
