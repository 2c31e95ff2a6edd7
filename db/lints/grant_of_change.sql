-- Rows are changed by functions alone. A login may insert, column by column, and read.
with acls (object, acl, of_column) as (
  select c.oid::regclass::text, c.relacl, false
  from pg_catalog.pg_class c
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all
  select format('%s (%I)', a.attrelid::regclass, a.attname), a.attacl, true
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
)
select acls.object, format('%s has %s', e.grantee::regrole, e.privilege_type) as problem
from acls cross join lateral pg_catalog.aclexplode(acls.acl) e
where e.grantee <> 0
  and e.grantee::regrole::text not in ('coffee_owner', 'coffee_api', 'coffee_registrar')
  and not (e.privilege_type = 'SELECT' or e.privilege_type = 'INSERT' and acls.of_column)
