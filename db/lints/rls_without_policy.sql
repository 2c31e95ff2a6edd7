-- A table that no policy opens is closed to our own functions too: somebody forgot to write down who.
select c.oid::regclass::text as object, 'no policy says who may see its rows' as problem
from pg_catalog.pg_class c
where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and c.relkind in ('r', 'p')
  and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)
