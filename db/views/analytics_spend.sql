-- For people's own tools: everything here is read with the reader's own rights (security_invoker), so that
-- a person sees their teams and their own machines and nobody else. Money is USD; days are local to zone.
-- Names come by left joins, which the planner leaves out where nobody asks for them.

create view analytics.spend_parts with (security_invoker) as
  select 'traces' as source, b.bucket, b.project_id, nullif(b.item_id, 0) as item_id,
    nullif(b.daemon_id, '00000000-0000-0000-0000-000000000000') as daemon_id, b.model, b.calls, b.input_tokens,
    b.output_tokens, b.cache_read_tokens, b.cache_write_5m_tokens, b.cache_write_1h_tokens, b.cost_nanos,
    b.unpriced_calls
  from coffee.trace_buckets b
  union all
  select 'machines', u.bucket, null, null, null, u.model, u.calls, u.input_tokens, u.output_tokens,
    u.cache_read_tokens, u.cache_write_5m_tokens, u.cache_write_1h_tokens, u.cost_nanos, u.unpriced_calls
  from coffee.usage_buckets u
  union all
  -- A call that a trace reports and a machine of the reader's recorded is the trace's: it knows the project.
  -- Found by the quarter-hours of the sums, so that a question about a day reads a day of the ledger, and
  -- with the collation of the index by which a call is looked for.
  select 'machines', k.bucket, null, null, null, coalesce(u.model, ''),
    -1, -u.input_tokens, -u.output_tokens, -u.cache_read_tokens, -u.cache_write_5m_tokens,
    -u.cache_write_1h_tokens, -coalesce(u.cost_nanos, 0), case when u.cost_nanos is null then -1 else 0 end
  from (select distinct b.person_id, b.bucket from coffee.usage_buckets b) k
  cross join lateral (
    select r.* from coffee.usage_records r
    where r.person_id = k.person_id and r.at >= k.bucket and r.at < k.bucket + interval '15 minutes'
      and r.message_id <> '' and exists (
        select from coffee.generations g where g.message_id = r.message_id collate "default" offset 0)
    offset 0) u; -- without the offsets the planner joins whole tables, for it takes a quarter-hour for much
comment on view analytics.spend_parts is 'Each API call once, summed over 15 minutes: what the traces of the reader''s projects report, and what the reader''s own machines recorded without what a trace reports too.';
comment on column analytics.spend_parts.source is 'traces: reported by a daemon or a program; machines: recorded on a machine of the reader.';
comment on column analytics.spend_parts.bucket is 'Beginning of the 15 minutes, UTC.';
comment on column analytics.spend_parts.project_id is 'The project; null for machines.';
comment on column analytics.spend_parts.item_id is 'The roadmap item that it was for; null: none.';
comment on column analytics.spend_parts.daemon_id is 'The daemon that made the calls; null: none of ours.';
comment on column analytics.spend_parts.model is 'The model, in traces as the price list has it.';
comment on column analytics.spend_parts.calls is 'API calls.';
comment on column analytics.spend_parts.input_tokens is 'Tokens of prompts that were neither read from nor written to a cache.';
comment on column analytics.spend_parts.output_tokens is 'Tokens of answers.';
comment on column analytics.spend_parts.cache_read_tokens is 'Tokens that were read from the prompt cache.';
comment on column analytics.spend_parts.cache_write_5m_tokens is 'Tokens that were written to the prompt cache for 5 minutes.';
comment on column analytics.spend_parts.cache_write_1h_tokens is 'Tokens that were written to the prompt cache for an hour.';
comment on column analytics.spend_parts.cost_nanos is 'Nano-USD; without the unpriced.';
comment on column analytics.spend_parts.unpriced_calls is 'Calls with tokens whose cost nobody knows.';

create view analytics.spend_calls with (security_invoker) as
  select 'traces' as source, g.at, g.project_id, g.item_id, g.daemon_id, g.model_name as model, g.message_id,
    g.input_tokens, g.output_tokens, g.cache_read_tokens, g.cache_write_5m_tokens, g.cache_write_1h_tokens,
    g.cost_nanos::numeric / 1000000000 as cost_usd, g.unpriced
  from coffee.generations g
  union all
  select 'machines', u.at, null, null, null, u.model, nullif(u.message_id, ''), u.input_tokens, u.output_tokens,
    u.cache_read_tokens, u.cache_write_5m_tokens, u.cache_write_1h_tokens,
    u.cost_nanos::numeric / 1000000000, u.cost_nanos is null
  from coffee.usage_records u
  where u.message_id = '' or not exists (
    select from coffee.generations g where g.message_id = u.message_id collate "default"); -- as its index has it
comment on view analytics.spend_calls is 'Each API call once, one by one. Use spend_parts for sums over long times.';
comment on column analytics.spend_calls.source is 'traces: reported by a daemon or a program; machines: recorded on a machine of the reader.';
comment on column analytics.spend_calls.at is 'When the call began.';
comment on column analytics.spend_calls.project_id is 'The project; null for machines.';
comment on column analytics.spend_calls.item_id is 'The roadmap item that it was for; null: none.';
comment on column analytics.spend_calls.daemon_id is 'The daemon that made it; null: none of ours.';
comment on column analytics.spend_calls.model is 'The model.';
comment on column analytics.spend_calls.message_id is 'The id of the answer, where it is known.';
comment on column analytics.spend_calls.input_tokens is 'Tokens of prompts that were neither read from nor written to a cache.';
comment on column analytics.spend_calls.output_tokens is 'Tokens of answers.';
comment on column analytics.spend_calls.cache_read_tokens is 'Tokens that were read from the prompt cache.';
comment on column analytics.spend_calls.cache_write_5m_tokens is 'Tokens that were written to the prompt cache for 5 minutes.';
comment on column analytics.spend_calls.cache_write_1h_tokens is 'Tokens that were written to the prompt cache for an hour.';
comment on column analytics.spend_calls.cost_usd is 'USD; null: nobody knows.';
comment on column analytics.spend_calls.unpriced is 'It has no price.';

create view analytics.project_costs with (security_invoker) as
  select d.zone, d.day, d.project_id, p.name as project, nullif(d.item_id, 0) as item_id, i.number as priority, i.title,
    nullif(d.model, '') as model, s.name as daemon, d.calls, d.input_tokens, d.output_tokens,
    d.cache_read_tokens, d.cache_write_5m_tokens, d.cache_write_1h_tokens, d.cost_nanos,
    d.cost_nanos::numeric * 0.000000001 as cost_usd, d.unpriced_calls, d.failed_calls,
    d.duration_ms / 1000.0 as model_seconds
  from coffee.trace_days d
  left join coffee.projects p on p.id = d.project_id
  left join coffee.roadmap_items i on i.id = d.item_id
  left join coffee.daemon_status s on s.daemon_id = d.daemon_id;
comment on view analytics.project_costs is 'What the traces of a project cost, by local day, item, model and daemon.';
comment on column analytics.project_costs.zone is 'The time zone whose day it is; one of coffee.reporting_zones. Always say which: every zone has all calls.';
comment on column analytics.project_costs.day is 'The local day.';
comment on column analytics.project_costs.project_id is 'The project.';
comment on column analytics.project_costs.project is 'Its name.';
comment on column analytics.project_costs.item_id is 'The roadmap item; null: none.';
comment on column analytics.project_costs.priority is 'The items number as people say it.';
comment on column analytics.project_costs.title is 'The items title.';
comment on column analytics.project_costs.model is 'As the price list has it; null: none was reported.';
comment on column analytics.project_costs.daemon is 'The daemons name; null: none of ours.';
comment on column analytics.project_costs.calls is 'API calls.';
comment on column analytics.project_costs.input_tokens is 'Tokens of prompts that were neither read from nor written to a cache.';
comment on column analytics.project_costs.output_tokens is 'Tokens of answers.';
comment on column analytics.project_costs.cache_read_tokens is 'Tokens that were read from the prompt cache.';
comment on column analytics.project_costs.cache_write_5m_tokens is 'Tokens that were written to the prompt cache for 5 minutes.';
comment on column analytics.project_costs.cache_write_1h_tokens is 'Tokens that were written to the prompt cache for an hour.';
comment on column analytics.project_costs.cost_nanos is 'Nano-USD; without the unpriced. Adds up faster than cost_usd: sum(cost_nanos) / 1e9.';
comment on column analytics.project_costs.cost_usd is 'USD; without the unpriced.';
comment on column analytics.project_costs.unpriced_calls is 'Calls with tokens whose cost nobody knows.';
comment on column analytics.project_costs.failed_calls is 'Calls of level ERROR.';
comment on column analytics.project_costs.model_seconds is 'Seconds that the calls took, added up.';

create view analytics.cache_rates with (security_invoker) as
  select d.zone, d.day, d.project_id, p.name as project, nullif(d.model, '') as model, d.cache_read_tokens,
    d.cache_write_tokens, d.input_tokens,
    d.cache_read_tokens::numeric
      / nullif(d.cache_read_tokens + d.cache_write_tokens + d.input_tokens, 0) as hit_rate
  from (
    select t.zone, t.day, t.project_id, t.model, sum(t.cache_read_tokens)::bigint as cache_read_tokens,
      sum(t.cache_write_5m_tokens + t.cache_write_1h_tokens)::bigint as cache_write_tokens,
      sum(t.input_tokens)::bigint as input_tokens
    from coffee.trace_days t group by t.zone, t.day, t.project_id, t.model) d
  left join coffee.projects p on p.id = d.project_id;
comment on view analytics.cache_rates is 'How much of the prompts came from the cache, by local day, project and model.';
comment on column analytics.cache_rates.zone is 'The time zone whose day it is.';
comment on column analytics.cache_rates.day is 'The local day.';
comment on column analytics.cache_rates.project_id is 'The project.';
comment on column analytics.cache_rates.project is 'Its name.';
comment on column analytics.cache_rates.model is 'As the price list has it.';
comment on column analytics.cache_rates.cache_read_tokens is 'Tokens read from the cache.';
comment on column analytics.cache_rates.cache_write_tokens is 'Tokens written to it.';
comment on column analytics.cache_rates.input_tokens is 'Tokens that were neither.';
comment on column analytics.cache_rates.hit_rate is 'cache_read_tokens of all three, 0 to 1; null without tokens.';

grant select on analytics.spend_parts, analytics.spend_calls, analytics.project_costs, analytics.cache_rates
  to coffee_user;
