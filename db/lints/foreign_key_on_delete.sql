-- What becomes of the rows that point here is a decision: restrict, cascade or set null, in writing.
select format('%s on %s', k.conname, k.conrelid::regclass) as object, 'does not say on delete' as problem
from pg_catalog.pg_constraint k
where k.contype = 'f' and k.confdeltype = 'a'
  and k.connamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
