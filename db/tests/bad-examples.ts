import type { World } from './world';

/** Something that a lint has to notice. */
export interface BadExample {
  lint: string;
  what: string;
  sql: (world: World) => string;
  finds: RegExp;
}

const bad = (
  lint: string,
  what: string,
  sql: string | BadExample['sql'],
  finds: RegExp,
): BadExample => ({
  lint,
  what,
  sql: typeof sql === 'string' ? () => sql : sql,
  finds,
});

export const BAD: BadExample[] = [
  bad('rls_disabled', 'a new table', 'create table coffee.diary (id int)', /^coffee\.diary:/),
  bad(
    'rls_disabled',
    'row-level security that was switched off',
    'alter table audit.payloads disable row level security',
    /^audit\.payloads:/,
  ),
  bad(
    'rls_not_forced',
    'a table whose owner passes by',
    'alter table coffee.teams no force row level security',
    /^coffee\.teams:/,
  ),
  bad(
    'rls_without_policy',
    'a table without a policy',
    'create table daemon.notes (id int); alter table daemon.notes enable row level security',
    /^daemon\.notes:/,
  ),
  bad(
    'policy_always_true',
    'using (true) for a group of logins',
    'create policy p on coffee.people for select to coffee_daemon using (true)',
    /^p on coffee\.people:/,
  ),
  bad(
    'policy_always_true',
    'with check (true)',
    `create policy p on coffee.notifications for update to coffee_user
       using (asked_by = (select priv.me())) with check (true)`,
    /^p on coffee\.notifications:/,
  ),
  bad(
    'policy_always_true',
    'a condition that is true in other words',
    'create policy p on coffee.people for select to coffee_daemon using (1 = 1 or false)',
    /^p on coffee\.people:/,
  ),
  bad(
    'policy_always_true',
    'a test for null of what cannot be null',
    'create policy p on coffee.people for select to coffee_daemon using (id is not null)',
    /^p on coffee\.people:/,
  ),
  bad(
    'policy_for_public',
    'a policy that names no role',
    'create policy p on coffee.people using (id = (select priv.me()))',
    /^p on coffee\.people:/,
  ),
  bad(
    'policy_per_row',
    'a bare function',
    'create policy p on coffee.people for select to coffee_user using (id = priv.me())',
    /^p on coffee\.people:.*priv\.me\(\)/,
  ),
  bad(
    'policy_per_row',
    'a setting',
    `create policy p on coffee.people for select to coffee_user
       using (id = current_setting('app.user_id')::uuid)`,
    /^p on coffee\.people:/,
  ),
  bad(
    'policy_per_row',
    'current_user',
    'create policy p on coffee.people for select to coffee_user using (name = current_user)',
    /^p on coffee\.people:/,
  ),
  bad(
    'unindexed_foreign_key',
    'a foreign key without an index',
    `alter table daemon.execution_log add attempt_id bigint references coffee.attempts on delete cascade`,
    /^execution_log_attempt_id_fkey on daemon\.execution_log:/,
  ),
  bad(
    'unindexed_foreign_key',
    'an index that covers only some rows',
    `alter table daemon.execution_log add attempt_id bigint references coffee.attempts on delete cascade;
     create index on daemon.execution_log (attempt_id) where attempt_id > 5`,
    /^execution_log_attempt_id_fkey on daemon\.execution_log:/,
  ),
  bad(
    'foreign_key_on_delete',
    'a foreign key that does not say on delete',
    'alter table daemon.execution_log add attempt_id bigint references coffee.attempts',
    /^execution_log_attempt_id_fkey on daemon\.execution_log:/,
  ),
  bad(
    'mutable_search_path',
    'a function without a search_path',
    'create function coffee.f() returns int language sql as $$ select 1 $$',
    /^coffee\.f\(\):/,
  ),
  bad(
    'mutable_search_path',
    'an empty search_path, which looks into pg_temp first',
    `create function coffee.f() returns int language sql set search_path = '' as $$ select 1 $$`,
    /^coffee\.f\(\):/,
  ),
  bad(
    'definer_owner',
    'a SECURITY DEFINER function of the owner of the tables',
    `create function coffee.f() returns int language sql security definer as $$ select 1 $$;
     alter function coffee.f() owner to coffee_owner`,
    /^coffee\.f\(\): runs as coffee_owner/,
  ),
  bad(
    'definer_owner',
    'another function with the rights of the superuser',
    `create function coffee.add_logins() returns int language sql security definer as $$ select 1 $$`,
    /^coffee\.add_logins\(\): runs as/,
  ),
  bad(
    'view_rights',
    'a view with the rights of its owner',
    'create view analytics.v as select * from coffee.people',
    /^analytics\.v: reads with the rights/,
  ),
  bad(
    'view_rights',
    'totals that lost their barrier',
    'alter view analytics.item_totals reset (security_barrier)',
    /^analytics\.item_totals:/,
  ),
  bad(
    'view_rights',
    'a materialized view',
    'create materialized view analytics.m as select 1 as n',
    /^analytics\.m: a materialized view/,
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
