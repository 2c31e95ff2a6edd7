-- Who asks is looked up once per statement: `(select priv.me())`. Bare, it is called for every row,
-- some thirty times slower; and a setting or current_user is not who asks at all.
select format('%s on %s', p.policyname, format('%I.%I', p.schemaname, p.tablename)) as object,
  format('evaluated for every row: %s', left_over) as problem
from pg_catalog.pg_policies p
cross join lateral (values (p.qual), (p.with_check)) c (condition)
cross join lateral (values (
  regexp_replace(c.condition, '\( SELECT [a-z_]+\.[a-z_]+\([^()]*\) AS [a-z_]+\)', 'once', 'g')
)) r (left_over)
where p.schemaname in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and left_over ~* '\m((priv|coffee|daemon|audit|analytics)\.[a-z_]+\(|current_setting\(|pg_has_role\(|current_user\M|session_user\M|current_role\M)'
