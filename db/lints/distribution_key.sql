-- Citus: the key is a column that is never null; what is unique holds within a shard only, so each primary key,
-- unique index and exclusion constraint has the key as a plain column, compared by equality.
with spread as (
  select c.oid as relation, d.distribution_key, a.attnum, a.attnotnull
  from pg_temp.distribution d
  join pg_catalog.pg_class c on c.oid = to_regclass(d.relation)
  left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = d.distribution_key
    and not a.attisdropped
  where d.place = 'distributed'
)
select s.relation::regclass::text as object,
  format('its distribution key %s is %s', s.distribution_key,
    case when s.attnum is null then 'no column of it' else 'a column that may be null' end) as problem
from spread s
where s.attnotnull is distinct from true
union all
select format('%s on %s', i.indexrelid::regclass, i.indrelid::regclass),
  format('does not hold the distribution key %s', s.distribution_key)
from pg_catalog.pg_index i
join spread s on s.relation = i.indrelid
left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype = 'x'
where (i.indisunique or k.oid is not null)
  and not exists (
    select from generate_series(0, i.indnkeyatts - 1) n
    where i.indkey[n] = s.attnum
      and (k.oid is null or (select o.oprname from pg_catalog.pg_operator o where o.oid = k.conexclop[n + 1]) = '='))
