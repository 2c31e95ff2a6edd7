-- PUBLIC is every login of the cluster, also those of other databases. Functions have EXECUTE for
-- PUBLIC, and databases CONNECT and TEMP, as long as nobody says otherwise.
with acls (object, acl) as (
  select format('%s %s', case c.relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass),
    c.relacl
  from pg_catalog.pg_class c
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('column %s.%I', a.attrelid::regclass, a.attname), a.attacl
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('function %s', p.oid::regprocedure),
    coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
  from pg_catalog.pg_proc p
  where p.pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('schema %I', n.nspname), n.nspacl
  from pg_catalog.pg_namespace n
  where n.nspname in ('coffee', 'daemon', 'audit', 'analytics', 'priv', 'public')
  union all
  select format('database %I', d.datname),
    coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))
  from pg_catalog.pg_database d where d.datname = current_database()
)
select acls.object, format('PUBLIC has %s', e.privilege_type) as problem
from acls cross join lateral pg_catalog.aclexplode(acls.acl) e
where e.grantee = 0
