-- A login is a member of the groups that people and processes have, of nothing else, and nobody is a
-- member of a login. (On 15 a login may grant itself away; it gains nobody another identity.)
with logins as (
  select r.oid, r.rolname from pg_catalog.pg_roles r join priv.principals p on p.login = r.rolname
)
select l.rolname::text as object, format('is a member of %s', m.roleid::regrole) as problem
from logins l join pg_catalog.pg_auth_members m on m.member = l.oid
where m.roleid::regrole::text not in (
  'coffee_user', 'coffee_manager', 'coffee_admin', 'coffee_agent', 'coffee_daemon', 'coffee_slackbot',
  'coffee_dashboard', 'coffee_collector', 'coffee_auditor')
union all
select l.rolname::text, format('may grant %s', m.roleid::regrole)
from logins l join pg_catalog.pg_auth_members m on m.member = l.oid
where m.admin_option
union all
select l.rolname::text, format('%s is a member of it', m.member::regrole)
from logins l join pg_catalog.pg_auth_members m on m.roleid = l.oid
where m.member::regrole::text <> 'coffee_registrar' -- who makes a login administers it
