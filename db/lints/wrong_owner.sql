-- Tables, types, sequences and schemas are coffee_owner's, views coffee_api's, functions coffee_api's
-- or the registrar's (on 15: a superuser's).
select c.oid::regclass::text as object, format('belongs to %s', c.relowner::regrole) as problem
from pg_catalog.pg_class c
where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and c.relkind in ('r', 'p', 'S', 'v', 'm', 'f')
  and c.relowner::regrole::text <> case when c.relkind in ('v', 'm') then 'coffee_api' else 'coffee_owner' end
union all
select p.oid::regprocedure::text, format('belongs to %s', p.proowner::regrole)
from pg_catalog.pg_proc p join pg_catalog.pg_roles r on r.oid = p.proowner
where p.pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and r.rolname <> 'coffee_api'
  and not case when current_setting('server_version_num')::int >= 160000
    then r.rolname = 'coffee_registrar' else r.rolsuper end
union all
select t.oid::regtype::text, format('belongs to %s', t.typowner::regrole)
from pg_catalog.pg_type t
where t.typnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and t.typtype in ('e', 'd', 'r') and t.typowner::regrole::text <> 'coffee_owner'
union all
select format('schema %I', n.nspname), format('belongs to %s', n.nspowner::regrole)
from pg_catalog.pg_namespace n
where n.nspname in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and n.nspowner::regrole::text <> 'coffee_owner'
