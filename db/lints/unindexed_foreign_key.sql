-- Without an index every delete, and every join from the other side, reads the whole table.
select format('%s on %s', k.conname, k.conrelid::regclass) as object,
  'no index begins with its columns' as problem
from pg_catalog.pg_constraint k
where k.contype = 'f'
  and k.connamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and not exists (
    select from pg_catalog.pg_index i
    where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
      and cardinality(k.conkey) <= i.indnkeyatts
      and k.conkey @> (i.indkey::int2[])[0:cardinality(k.conkey) - 1]
      and k.conkey <@ (i.indkey::int2[])[0:cardinality(k.conkey) - 1])
