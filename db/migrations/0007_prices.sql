-- What a token costs: one list for the whole product. Money is whole nano-USD (1 USD = 1,000,000,000),
-- so that 1 USD for a million tokens is 1,000 a token, and sums are exact.

create table coffee.price_versions (
  version integer generated always as identity primary key,
  made_at timestamptz not null default now(),
  made_by uuid references priv.principals (id) on delete restrict,
  note text not null default '' check (length(note) <= 500)
);
create index price_versions_made_by on coffee.price_versions (made_by);
comment on table coffee.price_versions is 'Each change of the price list. A cost carries the version of the price that it was made with.';
comment on column coffee.price_versions.made_by is 'The admin who imported it; null: shipped with the product.';

create table coffee.prices (
  model text not null check (length(model) between 1 and 200 and model !~ '[\u0001-\u0020\u007f-\u009f]'),
  effective_from timestamptz not null default '1970-01-01 00:00Z',
  effective_until timestamptz not null default 'infinity',
  prompt_from bigint not null default 0 check (prompt_from >= 0),
  prompt_until bigint not null default 9223372036854775807,
  version integer not null references coffee.price_versions (version) on delete restrict,
  override boolean not null default false,
  active boolean not null default true,
  input_nanos bigint check (input_nanos between 0 and 1000000000),
  output_nanos bigint check (output_nanos between 0 and 1000000000),
  cache_read_nanos bigint check (cache_read_nanos between 0 and 1000000000),
  cache_write_5m_nanos bigint check (cache_write_5m_nanos between 0 and 1000000000),
  cache_write_1h_nanos bigint check (cache_write_1h_nanos between 0 and 1000000000),
  fast_multiplier integer check (fast_multiplier between 1 and 100),
  primary key (model, effective_from, prompt_from, version),
  check (effective_from < effective_until),
  check (prompt_from < prompt_until)
);
create index prices_version on coffee.prices (version);
comment on column coffee.prices.model is 'As priv.model_name gives it: without provider, date and suffix.';
comment on column coffee.prices.effective_until is 'Exclusive: the next price of the model begins here.';
comment on column coffee.prices.prompt_from is 'For calls whose prompt (input, cache reads and cache writes) has at least so many tokens; it is then the price of every token of the call.';
comment on column coffee.prices.prompt_until is 'Exclusive.';
comment on column coffee.prices.override is 'Imported by an admin: where a model has one, its shipped prices do not count.';
comment on column coffee.prices.active is 'Only active rows price anything; at most one fits a model, a moment and a prompt length.';
comment on column coffee.prices.input_nanos is 'Nano-USD a token. Null, here and below: not known, and a call that has such tokens is unpriced.';
comment on column coffee.prices.fast_multiplier is 'In fast mode every price of the call is multiplied by it; null: a fast call is unpriced.';

insert into coffee.price_versions (note) values ('shipped');

-- USD per million tokens, in the order of the columns.
with shipped (model, effective_from, effective_until, prompt_from, prompt_until,
  input, output, cache_write_5m, cache_write_1h, cache_read, fast) as (values
  ('claude-3-haiku', date '1970-01-01', date 'infinity', 0, 9223372036854775807, 0.25, 1.25, null, null, null, null::integer),
  ('claude-3-5-haiku', '1970-01-01', 'infinity', 0, 9223372036854775807, 0.80, 4, 1, null, 0.08, null),
  ('claude-haiku-4-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 1, 5, 1.25, 2, 0.10, null),
  ('claude-haiku-5-5', '2026-10-07', 'infinity', 0, 100001, 0.10, 0.50, 0.125, 0.20, 0.01, null),
  ('claude-haiku-5-5', '2026-10-07', 'infinity', 100001, 9223372036854775807, 0.50, 2.50, 0.625, 1, 0.05, null),
  ('claude-3-7-sonnet', '1970-01-01', 'infinity', 0, 9223372036854775807, 3, 15, 3.75, 6, 0.30, null),
  ('claude-sonnet-4', '1970-01-01', 'infinity', 0, 9223372036854775807, 3, 15, 3.75, 6, 0.30, null),
  ('claude-sonnet-4-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 3, 15, 3.75, 6, 0.30, null),
  ('claude-sonnet-4-6', '1970-01-01', 'infinity', 0, 9223372036854775807, 3, 15, 3.75, 6, 0.30, null),
  ('claude-sonnet-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 2, 10, 2.50, 4, 0.20, null),
  ('claude-sonnet-5-5', '1970-01-01', '2026-10-07', 0, 9223372036854775807, 2, 10, 2.50, 4, 0.20, null),
  ('claude-sonnet-5-5', '2026-10-07', 'infinity', 0, 9223372036854775807, 2, 10, 2.50, 4, 0.10, null),
  ('claude-opus-4', '1970-01-01', 'infinity', 0, 9223372036854775807, 15, 75, 18.75, 30, 1.50, null),
  ('claude-opus-4-1', '1970-01-01', 'infinity', 0, 9223372036854775807, 15, 75, 18.75, 30, 1.50, null),
  ('claude-opus-4-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 5, 25, 6.25, 10, 0.50, null),
  ('claude-opus-4-6', '1970-01-01', 'infinity', 0, 9223372036854775807, 5, 25, 6.25, 10, 0.50, 6),
  ('claude-opus-4-7', '1970-01-01', 'infinity', 0, 9223372036854775807, 5, 25, 6.25, 10, 0.50, 6),
  ('claude-opus-4-8', '1970-01-01', 'infinity', 0, 9223372036854775807, 5, 25, 6.25, 10, 0.50, 2),
  ('claude-opus-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 5, 25, 6.25, 10, 0.50, null),
  ('claude-opus-5-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 4, 20, 5, 8, 0.20, null),
  ('claude-fable-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 10, 50, 12.50, 20, 1, null),
  ('claude-mythos-5', '1970-01-01', 'infinity', 0, 9223372036854775807, 10, 50, 12.50, 20, 1, null),
  ('claude-fable-5-1', '1970-01-01', 'infinity', 0, 9223372036854775807, 10, 50, 12.50, 20, 0.25, null),
  ('claude-mythos-5-1', '1970-01-01', 'infinity', 0, 9223372036854775807, 10, 50, 12.50, 20, 0.25, null)
)
insert into coffee.prices (model, effective_from, effective_until, prompt_from, prompt_until, version,
  input_nanos, output_nanos, cache_write_5m_nanos, cache_write_1h_nanos, cache_read_nanos, fast_multiplier)
select s.model, s.effective_from::timestamp at time zone 'UTC', s.effective_until::timestamp at time zone 'UTC',
  s.prompt_from, s.prompt_until, v.version,
  s.input * 1000, s.output * 1000, s.cache_write_5m * 1000, s.cache_write_1h * 1000, s.cache_read * 1000, s.fast
from shipped s cross join coffee.price_versions v;
