-- A login of ours is an ordinary one and cannot use up the connections of all.
with logins as (
  select r.* from pg_catalog.pg_roles r
  where r.rolcanlogin and exists (
    select from priv.principals p where p.login = r.rolname
    union all
    select from pg_catalog.pg_auth_members m
    where m.member = r.oid and m.roleid::regrole::text ~ '^coffee_' and not r.rolsuper)
)
select l.rolname::text as object, problem
from logins l
cross join lateral (values
  (l.rolsuper, 'is a superuser'), (l.rolcreaterole, 'has CREATEROLE'),
  (l.rolcreatedb, 'has CREATEDB'), (l.rolreplication, 'has REPLICATION'),
  (l.rolbypassrls, 'has BYPASSRLS'), (not l.rolinherit, 'has NOINHERIT'),
  (l.rolconnlimit < 0, 'has no CONNECTION LIMIT')) a (bad, problem)
where a.bad
