import type { ClientBase } from 'pg';

const LOGIN_GROUPS =
  'coffee_user, coffee_agent, coffee_daemon, coffee_slackbot, coffee_dashboard, coffee_collector, coffee_auditor';

/**
 * What PUBLIC may call in pg_catalog by default and no login of ours needs: large objects, locks that
 * others wait for, naps, notifications in our name, whole tables as XML, other people's sessions,
 * and messages of any size in the write-ahead log.
 */
const WITHHELD = `
  select format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as name
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'pg_catalog' and p.prokind = 'f'
    and (p.proname ~ '^(lo_|pg_(try_)?advisory_|pg_sleep)' or p.proname in (
      'loread', 'lowrite', 'pg_notify', 'pg_logical_emit_message', 'pg_cancel_backend', 'pg_terminate_backend',
      'query_to_xml', 'query_to_xmlschema', 'query_to_xml_and_xmlschema',
      'cursor_to_xml', 'cursor_to_xmlschema',
      'table_to_xml', 'table_to_xmlschema', 'table_to_xml_and_xmlschema',
      'schema_to_xml', 'schema_to_xmlschema', 'schema_to_xml_and_xmlschema',
      'database_to_xml', 'database_to_xmlschema', 'database_to_xml_and_xmlschema'))
    and (p.proacl is null or exists (
      select from pg_catalog.aclexplode(p.proacl) a where a.grantee = 0 and a.privilege_type = 'EXECUTE'))`;

/**
 * Comparing two values of an enum compares two numbers: it fails for none and tells nobody. Postgres
 * does not know that, so under row-level security it neither uses statistics of such columns nor the
 * indexes over one state, and reads whole tables. Whoever may not alter it goes without.
 */
const QUIET_COMPARISONS = `
do $$
begin
  if exists (
    select from pg_catalog.pg_proc
    where oid = 'pg_catalog.enum_eq(anyenum, anyenum)'::regprocedure and not proleakproof
  ) then
    alter function pg_catalog.enum_eq(anyenum, anyenum) leakproof;
    alter function pg_catalog.enum_ne(anyenum, anyenum) leakproof;
  end if;
exception when insufficient_privilege then
  null;
end
$$`;

const FOR_THE_API = `
  grant execute on function
    pg_catalog.pg_notify(text, text), pg_catalog.pg_advisory_xact_lock(integer, integer),
    pg_catalog.pg_advisory_xact_lock_shared(integer, integer), pg_catalog.pg_try_advisory_lock(bigint),
    pg_catalog.pg_try_advisory_lock_shared(bigint), pg_catalog.pg_advisory_unlock_shared(bigint)
  to coffee_api`;

/**
 * Database-level rights. A template copy and a restore without them lose these, so every migration
 * and every start asserts them again. Runs as superuser, inside the caller's transaction.
 */
export async function assertDatabaseLevel(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ database: string; registrar: string }>(
    `select quote_ident(current_database()) as database,
            case when current_setting('server_version_num')::int >= 160000
              then 'coffee_registrar' else quote_ident(current_user) end as registrar`,
  );
  const { database, registrar } = rows[0]!;
  await client.query(`
    revoke all on database ${database} from public;
    grant connect on database ${database} to ${LOGIN_GROUPS};
    revoke all on schema public from public;
    -- A default, not a boundary: any client may set it otherwise. It frees what is merely forgotten.
    alter database ${database} set idle_in_transaction_session_timeout = '60s';
    -- A boundary: one sort without end would fill the disk for all. A superuser may lift it.
    alter database ${database} set temp_file_limit = '2GB';
    -- Tokens and one-time codes are parameters: a server that logs statements leaves these out.
    alter database ${database} set log_parameter_max_length = 0;
    alter database ${database} set log_parameter_max_length_on_error = 0;

    -- The form with IN SCHEMA would do nothing: the default for functions is global.
    alter default privileges for role coffee_owner revoke execute on functions from public;
    alter default privileges for role coffee_api revoke execute on functions from public;
    alter default privileges for role coffee_registrar revoke execute on functions from public;
    alter default privileges for role ${registrar} revoke execute on functions from public;

    grant usage on schema coffee, analytics to ${LOGIN_GROUPS};
    grant usage on schema daemon to coffee_daemon;
    grant usage on schema audit to coffee_user, coffee_auditor;
    grant usage on schema coffee, daemon, audit, analytics, priv to coffee_api;
    grant usage on schema coffee, audit, priv to coffee_registrar;
  `);
  const withheld = await client.query<{ name: string }>(WITHHELD);
  if (withheld.rows.length > 0) {
    const names = withheld.rows.map((row) => row.name).join(', ');
    await client.query(`revoke execute on function ${names} from public`);
  }
  await client.query(FOR_THE_API);
  await client.query(QUIET_COMPARISONS);
}
