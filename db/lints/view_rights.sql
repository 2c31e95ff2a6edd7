-- A view reads with its owner's rights unless it is security_invoker. Those that do on purpose are
-- totals without person, machine or text (and what everybody is told beside them), and are listed here.
select c.oid::regclass::text as object,
  case c.relkind when 'm' then 'a materialized view has no row-level security'
    else 'reads with the rights of its owner: make it security_invoker or list it' end as problem
from pg_catalog.pg_class c
where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and (c.relkind = 'm' or c.relkind = 'v'
    and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)
    and not (
      c.relowner::regrole::text = 'coffee_api'
      and coalesce(c.reloptions && array['security_barrier=true', 'security_barrier=on'], false)
      and c.oid::regclass::text in (
        'analytics.item_totals', 'analytics.attempt_totals', 'analytics.daemon_totals',
        'analytics.trace_totals', 'analytics.usage_totals', 'analytics.team_usage', 'analytics.phrase_totals',
        'analytics.phrase_names', 'analytics.phrase_marks',
        -- What attempts of the reader's projects cost: sums of calls that not every reader may read.
        'analytics.attempt_spend', 'priv.attempt_spend')))
