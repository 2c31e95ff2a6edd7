-- Totals without person, machine or text, as in views/roadmap_totals.sql. Models by the names of the
-- price list alone: what a program reports may say anything.
create view analytics.trace_totals with (security_barrier) as
  select d.day as day_utc,
    case when exists (select from coffee.prices p where p.active and p.model = d.model)
      then d.model else 'other' end as model,
    sum(d.calls)::bigint as calls, sum(d.input_tokens) as input_tokens, sum(d.output_tokens) as output_tokens,
    sum(d.cache_read_tokens) as cache_read_tokens, sum(d.cache_write_5m_tokens) as cache_write_5m_tokens,
    sum(d.cache_write_1h_tokens) as cache_write_1h_tokens, sum(d.cost_nanos) as cost_nanos,
    sum(d.unpriced_calls)::bigint as unpriced_calls, sum(d.failed_calls)::bigint as failed_calls,
    sum(d.duration_ms) as duration_ms
  from coffee.trace_days d
  where d.zone = 'UTC' and exists (select from priv.principals me where me.login = session_user)
  group by 1, 2;
comment on view analytics.trace_totals is 'Calls, tokens and cost (nano-USD) that traces report, by UTC day and model, over all projects.';

grant select on analytics.trace_totals to coffee_dashboard;
