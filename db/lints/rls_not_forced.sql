-- Without FORCE the owner passes by every policy, and so does whoever becomes the owner.
select c.oid::regclass::text as object, 'row-level security is not forced on the owner' as problem
from pg_catalog.pg_class c
where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and c.relkind in ('r', 'p') and not c.relforcerowsecurity
