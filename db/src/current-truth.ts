import type { ClientBase } from 'pg';
import { listSql, sha256, type SqlFile } from './source';

const SCHEMAS = `('coffee', 'daemon', 'audit', 'analytics', 'priv')`;

/** Only a superuser can make one, so it is not in functions/guard.sql, which says what it is for. */
const GUARD = `
create event trigger coffee_guard on ddl_command_start execute function priv.refuse_ddl();
alter event trigger coffee_guard enable always`;

/** Takes away everything that functions/, policies/ and views/ describe; tables and rows stay. */
const CLEAR = `
drop event trigger if exists coffee_guard;
do $clear$
declare
  statement text;
begin
  for statement in
    select format('drop policy %I on %I.%I', policyname, schemaname, tablename)
    from pg_catalog.pg_policies where schemaname in ${SCHEMAS}
    union all
    select format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass)
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace::regnamespace::text in ${SCHEMAS}
    union all
    select format('drop view if exists %I.%I cascade', schemaname, viewname)
    from pg_catalog.pg_views where schemaname in ${SCHEMAS}
  loop
    execute statement;
  end loop;
  for statement in
    -- The newest first: a body that is parsed when it is made depends on functions made before it.
    select format('drop routine %s', p.oid::regprocedure)
    from pg_catalog.pg_proc p where p.pronamespace::regnamespace::text in ${SCHEMAS}
    order by p.oid desc
  loop
    execute statement;
  end loop;
  for statement in
    select format('revoke all on all %s in schema %I from %s', kind, nspname, (
      select string_agg(quote_ident(rolname), ', ') || ', public' from pg_catalog.pg_roles
      where rolname like 'coffee\\_%' and rolname <> 'coffee_owner'))
    from pg_catalog.pg_namespace, unnest(array['tables', 'sequences']) kind where nspname in ${SCHEMAS}
  loop
    execute statement;
  end loop;
end
$clear$`;

interface Owners {
  /** Who owns the functions of the file that says \`-- as: registrar\`. */
  registrar: string;
}

/** functions/, policies/ and views/, in the order in which they are applied. */
export function listCurrentTruth(folder: string): SqlFile[] {
  return ['functions', 'policies', 'views'].flatMap((part) => listSql(folder, part));
}

export function hashOfCurrentTruth(files: SqlFile[]): string {
  return sha256(files.map((file) => `${file.name}\n${file.sql}`).join('\n'));
}

/** Re-applies the current truth whole. Runs as superuser, inside the caller's transaction. */
export async function applyCurrentTruth(client: ClientBase, files: SqlFile[]): Promise<void> {
  const { rows } = await client.query<Owners>(
    `select case when current_setting('server_version_num')::int >= 160000
       then 'coffee_registrar' else quote_ident(current_user) end as registrar`,
  );
  const { registrar } = rows[0]!;
  await client.query(CLEAR);
  await client.query(
    `grant create on schema coffee, daemon, audit, analytics, priv to coffee_api, coffee_registrar;
     set local check_function_bodies = off`,
  );
  for (const file of files) {
    try {
      await client.query(`set local role ${ownerOf(file, registrar)}`);
      await client.query(file.sql);
      await client.query('reset role');
    } catch (error) {
      throw new Error(`${file.name}: ${describe(error, file.sql)}`, { cause: error });
    }
  }
  await client.query(
    `revoke create on schema coffee, daemon, audit, analytics, priv from coffee_api, coffee_registrar`,
  );
  // Older files of an older program have no guard.
  if (files.some((file) => file.name === 'functions/guard.sql')) await client.query(GUARD);
}

function ownerOf(file: SqlFile, registrar: string): string {
  if (file.name.startsWith('policies/')) return 'coffee_owner';
  return file.sql.startsWith('-- as: registrar') ? registrar : 'coffee_api';
}

function describe(error: unknown, sql: string): string {
  const { message, position } = error as { message: string; position?: string };
  if (position === undefined) return message;
  return `line ${sql.slice(0, Number(position)).split('\n').length}: ${message}`;
}
