-- No login changes the shape of the database or anybody's rights. What grants and owners do not stop
-- already: DROP OWNED BY coffee_daemon, which every daemon may say because it is a member, and which
-- takes the group out of all policies; ALTER DEFAULT PRIVILEGES, after which a login cannot be dropped;
-- temporary objects, where a restore has given the right back.

create function priv.refuse_ddl() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from pg_catalog.pg_roles r where r.rolname = session_user and r.rolsuper) then
    raise insufficient_privilege using
      message = format('%s is not for logins', tg_tag),
      hint = 'The shape of the database changes through migrations alone.';
  end if;
end
$$;
