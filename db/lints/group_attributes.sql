-- Nobody logs in as a group, and no group is more than its grants.
select r.rolname::text as object, problem
from pg_catalog.pg_roles r
cross join lateral (values
  (r.rolcanlogin, 'can log in'), (r.rolsuper, 'is a superuser'),
  (r.rolcreaterole and not (
    r.rolname = 'coffee_registrar' and current_setting('server_version_num')::int >= 160000),
    'has CREATEROLE'),
  (r.rolcreatedb, 'has CREATEDB'), (r.rolreplication, 'has REPLICATION'),
  (r.rolbypassrls, 'has BYPASSRLS')) a (bad, problem)
where a.bad and r.rolname in (
  'coffee_owner', 'coffee_api', 'coffee_registrar', 'coffee_user', 'coffee_manager', 'coffee_admin',
  'coffee_agent', 'coffee_daemon', 'coffee_slackbot', 'coffee_dashboard', 'coffee_collector',
  'coffee_auditor')
union all
select m.member::regrole::text, format('is a member of %s', m.roleid::regrole)
from pg_catalog.pg_auth_members m
where m.member::regrole::text ~ '^coffee_[a-z]+$'
  -- The registrar hands the groups on, and administers the logins that it made, without using either.
  and not (m.member::regrole::text = 'coffee_registrar' and m.admin_option)
