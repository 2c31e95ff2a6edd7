-- Whoever adds a table says where it would lie if one machine were not enough: later it is too late to choose its key.
select coalesce(c.relation, d.relation) as object,
  case when d.relation is null then 'db/distribution.sql does not say where it would lie on Citus'
    when c.relation is null then 'db/distribution.sql names it and it is no table'
    else 'a table has a distribution key exactly where it is distributed' end as problem
from (
  select format('%s.%s', relnamespace::regnamespace, relname) as relation
  from pg_catalog.pg_class
  where relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
    and relkind in ('r', 'p') and not relispartition
) c
full join pg_temp.distribution d on d.relation = c.relation
where c.relation is null or d.relation is null or d.place not in ('distributed', 'reference', 'local')
  or (d.place = 'distributed') <> (d.distribution_key is not null)
