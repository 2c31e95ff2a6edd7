-- Citus checks a foreign key within one node: to a table that every node has, or between tables spread by the same
-- key, at the same place in the foreign key; and nothing may change a distribution key by way of one.
with placed as (
  select to_regclass(d.relation)::oid as relation, d.place, a.attnum, a.atttypid
  from pg_temp.distribution d
  left join pg_catalog.pg_attribute a on a.attrelid = to_regclass(d.relation)
    and a.attname = d.distribution_key and not a.attisdropped
), keys as (
  select k.oid, k.conname, k.conrelid, k.confdeltype, k.confupdtype, f.place as from_place, t.place as to_place,
    f.atttypid = t.atttypid and array_position(k.conkey, f.attnum) = array_position(k.confkey, t.attnum) as together,
    coalesce(f.attnum = any (k.conkey), false) as over_key
  from pg_catalog.pg_constraint k
  join placed f on f.relation = k.conrelid
  join placed t on t.relation = k.confrelid
  where k.contype = 'f'
)
select format('%s on %s', k.conname, k.conrelid::regclass) as object, p.problem
from keys k
cross join lateral (values
  (k.from_place = 'distributed' and k.to_place = 'local', 'points from a distributed to a local table'),
  (k.from_place <> 'distributed' and k.to_place = 'distributed',
    format('points from a %s to a distributed table', k.from_place)),
  (k.from_place = 'distributed' and k.to_place = 'distributed' and k.together is distinct from true,
    'does not join two distribution keys of one type'),
  (k.from_place = 'reference' and k.to_place = 'local' and not (k.confdeltype in ('a', 'r') and k.confupdtype in ('a', 'r')),
    'changes a reference table by way of a local one'),
  (k.over_key and (k.confdeltype in ('n', 'd') or k.confupdtype in ('n', 'd', 'c')),
    'would change the distribution key')
) p (wrong, problem)
where p.wrong
