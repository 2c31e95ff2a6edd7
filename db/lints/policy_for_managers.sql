-- The dashboard's login is in these groups for everybody whom it serves: a policy for one of them asks
-- whether the person is a manager there, or an admin.
select format('%s on %s', p.polname, p.polrelid::regclass) as object,
  'does not ask priv.my_managed_teams() or priv.is_admin()' as problem
from pg_catalog.pg_policy p
cross join lateral (values (p.polqual), (p.polwithcheck)) c (tree)
where p.polrelid::regclass::text ~ '^(coffee|daemon|audit|analytics|priv)\.'
  and exists (
    select from unnest(p.polroles) r (id) where r.id::regrole::text in ('coffee_manager', 'coffee_admin'))
  and c.tree is not null
  and pg_catalog.pg_get_expr(c.tree, p.polrelid) !~ '\mpriv\.(my_managed_teams|is_admin)\('
