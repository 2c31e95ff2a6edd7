-- A policy without TO holds for every role that will ever exist.
select format('%s on %s', p.polname, p.polrelid::regclass) as object,
  'is for everybody: name the roles' as problem
from pg_catalog.pg_policy p
where p.polrelid::regclass::text ~ '^(coffee|daemon|audit|analytics|priv)\.' and 0 = any (p.polroles)
