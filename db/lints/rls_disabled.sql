-- Without row-level security a grant shows every row to everybody who has it.
select c.oid::regclass::text as object, 'row-level security is not enabled' as problem
from pg_catalog.pg_class c
where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and c.relkind in ('r', 'p') and not c.relrowsecurity
