-- Group roles and schemas. Cluster-wide, applied by `migrate` as the superuser before anything else,
-- every time. All of them are NOLOGIN: people and processes get logins of their own from the
-- registrar functions (functions/logins.sql) and are members of what they need.

do $$
declare
  wanted text;
begin
  foreach wanted in array array[
    'coffee_owner',      -- owns tables, schemas and views
    'coffee_api',        -- owns the SECURITY DEFINER functions
    'coffee_registrar',  -- owns the functions that create, drop, re-password and (un)grant logins
    'coffee_user', 'coffee_manager', 'coffee_admin',
    'coffee_agent', 'coffee_daemon', 'coffee_slackbot',
    'coffee_dashboard', 'coffee_collector', 'coffee_auditor'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
      exception when duplicate_object or unique_violation then
        null; -- another database of this cluster was migrated at the same moment
      end;
    end if;
  end loop;

  -- On 15 a CREATEROLE role could grant itself pg_execute_server_program, so there the registrar
  -- functions belong to the superuser who migrates and this role stays powerless.
  if current_setting('server_version_num')::int >= 160000 then
    if not (select rolcreaterole from pg_catalog.pg_roles where rolname = 'coffee_registrar') then
      alter role coffee_registrar createrole;
    end if;
    foreach wanted in array array[
      'coffee_user', 'coffee_manager', 'coffee_admin', 'coffee_agent', 'coffee_daemon',
      'coffee_slackbot', 'coffee_dashboard', 'coffee_collector', 'coffee_auditor'
    ] loop
      if not exists (
        select from pg_catalog.pg_auth_members m
        where m.roleid = wanted::regrole and m.member = 'coffee_registrar'::regrole and m.admin_option
      ) then
        execute format(
          'grant %I to coffee_registrar with admin true, inherit false, set false', wanted);
      end if;
    end loop;
  end if;
end
$$;

create schema if not exists coffee authorization coffee_owner;    -- shared
create schema if not exists daemon authorization coffee_owner;    -- the daemons' own business
create schema if not exists audit authorization coffee_owner;     -- append-only
create schema if not exists analytics authorization coffee_owner; -- views for people's own tools
create schema if not exists priv authorization coffee_owner;      -- identity; nobody has USAGE
