-- Rights are given to groups. What a single login or a foreign role was given by hand, no file tells.
with acls (object, acl, owner) as (
  select c.oid::regclass::text, c.relacl, c.relowner
  from pg_catalog.pg_class c
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('%s (%I)', a.attrelid::regclass, a.attname), a.attacl, c.relowner
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select p.oid::regprocedure::text, p.proacl, p.proowner
  from pg_catalog.pg_proc p
  where p.pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('schema %I', n.nspname), n.nspacl, n.nspowner
  from pg_catalog.pg_namespace n
  where n.nspname in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('database %I', d.datname), d.datacl, d.datdba
  from pg_catalog.pg_database d where d.datname = current_database()
)
select acls.object, format('%s has %s', e.grantee::regrole, e.privilege_type) as problem
from acls cross join lateral pg_catalog.aclexplode(acls.acl) e
where e.grantee not in (0, acls.owner) and e.grantee::regrole::text !~ '^coffee_[a-z]+$'
