import { bad, type BadExample } from './bad-example';

/** Tables, policies, functions and views that are not as they should be. */
export const BAD_SHAPE: BadExample[] = [
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
];
