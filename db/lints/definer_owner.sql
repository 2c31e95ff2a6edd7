-- A SECURITY DEFINER function lends its owner's rights. Nine may lend the registrar's (on 15, where
-- CREATEROLE would be too much, the superuser's); all others coffee_api's, which owns no table.
with registrar as (
  select r.oid from pg_catalog.pg_roles r
  where case when current_setting('server_version_num')::int >= 160000
    then r.rolname = 'coffee_registrar' else r.rolsuper end
)
select p.oid::regprocedure::text as object, format('runs as %s', p.proowner::regrole) as problem
from pg_catalog.pg_proc p
where p.pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and p.prosecdef
  and case
    when p.pronamespace = 'coffee'::regnamespace and p.proname in (
      'add_login', 'remove_login', 'rotate_password', 'add_team', 'set_membership', 'list_logins',
      'add_agent', 'remove_agent', 'erase_me')
    then p.proowner not in (select oid from registrar)
    else p.proowner::regrole::text <> 'coffee_api' end
