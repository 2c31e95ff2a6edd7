import { bad, type BadExample } from './bad-example';

/** Grants, owners, logins and groups that have too much. */
export const BAD_RIGHTS: BadExample[] = [
  bad(
    'policy_for_managers',
    'what any member who is signed in to the dashboard would see',
    `create policy team_wide on coffee.attempts for select to coffee_manager
       using (project_id = any ((select priv.my_projects())::uuid[]))`,
    /^team_wide on coffee\.attempts: does not ask priv\.my_managed_teams/,
  ),
  bad(
    'grant_to_public',
    'a table',
    'grant select on coffee.teams to public',
    /^table coffee\.teams:/,
  ),
  bad(
    'grant_to_public',
    'a column',
    'grant select (name) on coffee.teams to public',
    /^column coffee\.teams\.name:/,
  ),
  bad(
    'grant_to_public',
    'a function that was made without a thought',
    'create function coffee.f() returns int language sql as $$ select 1 $$; grant execute on function coffee.f() to public',
    /^function coffee\.f\(\): PUBLIC has EXECUTE/,
  ),
  bad(
    'grant_to_public',
    'the public schema',
    'grant usage on schema public to public',
    /^schema public: PUBLIC has USAGE/,
  ),
  bad(
    'grant_to_public',
    'the database, as a restore leaves it',
    ({ database }) => `grant temporary on database ${database.name} to public`,
    /^database .*: PUBLIC has TEMPORARY/,
  ),
  bad(
    'default_privileges',
    'functions that would be open when they are made',
    'alter default privileges for role coffee_api grant execute on functions to public',
    /^functions of coffee_api: PUBLIC/,
  ),
  bad(
    'default_privileges',
    'tables that would be open when they are made',
    'alter default privileges for role coffee_owner in schema coffee grant select on tables to coffee_user',
    /^default privileges of coffee_owner: give SELECT to coffee_user/,
  ),
  ...['update', 'delete', 'truncate', 'references', 'trigger', 'insert'].map((privilege) =>
    bad(
      'grant_of_change',
      `${privilege} on a table`,
      `grant ${privilege} on coffee.notifications to coffee_user`,
      new RegExp(`^coffee\\.notifications: coffee_user has ${privilege.toUpperCase()}`),
    ),
  ),
  bad(
    'grant_of_change',
    'MAINTAIN, where there is one (before 17: TRIGGER)',
    `do $$ begin
       execute format('grant %s on coffee.teams to coffee_daemon',
         case when current_setting('server_version_num')::int >= 170000 then 'maintain' else 'trigger' end);
     end $$`,
    /^coffee\.teams: coffee_daemon has (MAINTAIN|TRIGGER)/,
  ),
  bad(
    'grant_of_change',
    'update of one column',
    'grant update (answer) on coffee.notifications to coffee_daemon',
    /^coffee\.notifications \(answer\): coffee_daemon has UPDATE/,
  ),
  bad(
    'grant_to_stranger',
    'a right that one login was given by hand',
    (world) => `grant select on coffee.people to ${world.login('daemon').login}`,
    /^coffee\.people: daemon_.* has SELECT/,
  ),
  bad(
    'grant_to_stranger',
    'a right of a role of the system',
    'grant usage on schema daemon to pg_monitor',
    /^schema daemon: pg_monitor has USAGE/,
  ),
  ...[
    ['bypassrls', 'has BYPASSRLS'],
    ['createrole', 'has CREATEROLE'],
    ['createdb', 'has CREATEDB'],
    ['replication', 'has REPLICATION'],
    ['superuser', 'is a superuser'],
    ['noinherit', 'has NOINHERIT'],
    ['connection limit -1', 'has no CONNECTION LIMIT'],
  ].map(([attribute, problem]) =>
    bad(
      'login_attributes',
      `a login with ${attribute}`,
      (world) => `alter role ${world.login('ben').login} ${attribute}`,
      new RegExp(`^u_.*: ${problem}`),
    ),
  ),
  bad(
    'login_memberships',
    'a login in a role of the system',
    (world) => `grant pg_read_all_data to ${world.login('daemon').login}`,
    /^daemon_.*: is a member of pg_read_all_data/,
  ),
  bad(
    'login_memberships',
    'a login that owns the functions',
    (world) => `grant coffee_api to ${world.login('ben').login}`,
    /^u_.*: is a member of coffee_api/,
  ),
  bad(
    'login_memberships',
    'a login that may pass its group on',
    (world) => `grant coffee_user to ${world.login('carla').login} with admin option`,
    /^u_.*: may grant coffee_user/,
  ),
  bad(
    'login_memberships',
    'a login that was granted to another',
    (world) => `grant ${world.login('anna').login} to ${world.login('daemon').login}`,
    /^u_.*: daemon_.* is a member of it/,
  ),
  bad(
    'guard_missing',
    'a guard that was switched off',
    'alter event trigger coffee_guard disable',
    /^coffee_guard: does not refuse/,
  ),
  bad(
    'guard_missing',
    'a guard that holds for replication alone',
    'alter event trigger coffee_guard enable replica',
    /^coffee_guard: does not refuse/,
  ),
  bad(
    'group_attributes',
    'a group that can log in',
    'alter role coffee_user login',
    /^coffee_user: can/,
  ),
  bad(
    'group_attributes',
    'functions that pass by all policies',
    'alter role coffee_api bypassrls',
    /^coffee_api: has BYPASSRLS/,
  ),
  bad(
    'group_attributes',
    'a group in another',
    'grant coffee_owner to coffee_admin',
    /^coffee_admin: is a member of coffee_owner/,
  ),
  bad(
    'wrong_owner',
    'a table of the superuser',
    'create table coffee.t (id int)',
    /^coffee\.t: belongs/,
  ),
  bad(
    'wrong_owner',
    'a function of the owner of the tables',
    'alter function coffee.whoami() owner to coffee_owner',
    /^coffee\.whoami\(\): belongs to coffee_owner/,
  ),
  bad(
    'wrong_owner',
    'a view of the owner of the tables',
    'alter view analytics.item_totals owner to coffee_owner',
    /^analytics\.item_totals: belongs to coffee_owner/,
  ),
  bad(
    'wrong_owner',
    'a type',
    `create type coffee.mood as enum ('good')`,
    /^coffee\.mood: belongs/,
  ),
  bad(
    'wrong_owner',
    'a schema',
    'alter schema daemon owner to coffee_api',
    /^schema daemon: belongs to coffee_api/,
  ),
];
