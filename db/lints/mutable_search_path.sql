-- A caller decides what an unqualified name means, unless the function does. Not the empty path: that
-- one looks into pg_temp first, where the caller may have put a type or a table. A body that was parsed
-- when the function was made (RETURN, BEGIN ATOMIC) holds no names any more, and may be inlined.
select p.oid::regprocedure::text as object,
  'wants: set search_path = pg_catalog, pg_temp' as problem
from pg_catalog.pg_proc p
where p.pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  and not coalesce(p.proconfig @> array['search_path=pg_catalog, pg_temp'], false)
  and (p.prosecdef or p.prosqlbody is null)
