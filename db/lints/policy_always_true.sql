-- Only the roles that nobody logs in with may see everything. A condition that names neither a column
-- nor who asks is true for everybody, and so is `x is not null` for a column that cannot be null.
with conditions as (
  select p.polrelid, p.polname, p.polroles, c.tree::text as tree,
    pg_catalog.pg_get_expr(c.tree, p.polrelid) as condition
  from pg_catalog.pg_policy p
  cross join lateral (values (p.polqual), (p.polwithcheck)) c (tree)
  where c.tree is not null
)
select format('%s on %s', c.polname, c.polrelid::regclass) as object,
  format('is true for every row: %s', c.condition) as problem
from conditions c
where c.polrelid::regclass::text ~ '^(coffee|daemon|audit|analytics|priv)\.'
  and exists (
    select from unnest(c.polroles) r (id)
    where r.id = 0 or r.id::regrole::text not in ('coffee_api', 'coffee_registrar', 'coffee_owner'))
  and ((c.tree !~ '\{VAR ' and c.condition !~ '\mpriv\.')
    or exists (
      select from pg_catalog.pg_attribute a
      where a.attrelid = c.polrelid and a.attnum > 0 and a.attnotnull
        and c.condition = format('(%I IS NOT NULL)', a.attname)))
