-- What is made next must be closed too. Only the default for the whole database counts: the form with
-- IN SCHEMA cannot take away what the built-in default gives.
select format('functions of %s', r.rolname) as object,
  'PUBLIC may execute what it will make' as problem
from pg_catalog.pg_roles r
where r.rolname in ('coffee_owner', 'coffee_api', 'coffee_registrar')
  and not exists (
    select from pg_catalog.pg_default_acl d
    where d.defaclrole = r.oid and d.defaclnamespace = 0 and d.defaclobjtype = 'f'
      and not exists (select from pg_catalog.aclexplode(d.defaclacl) e where e.grantee = 0))
union all
select format('default privileges of %s', d.defaclrole::regrole),
  format('give %s to %s', e.privilege_type,
    case e.grantee when 0 then 'PUBLIC' else e.grantee::regrole::text end)
from pg_catalog.pg_default_acl d cross join lateral pg_catalog.aclexplode(d.defaclacl) e
where d.defaclrole::regrole::text in ('coffee_owner', 'coffee_api', 'coffee_registrar')
  and e.grantee <> d.defaclrole
