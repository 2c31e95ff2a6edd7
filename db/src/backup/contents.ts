import type { ClientBase } from 'pg';

const OURS = `('coffee', 'daemon', 'audit', 'analytics', 'priv')`;
/** What migrate writes anew: a copy would make it believe that functions and policies are there. */
const DERIVED = `('priv.current_truth')`;

export interface StoredTable {
  /** `coffee.people`, quoted where it has to be. */
  table: string;
  /** Those that hold what was written; generated ones are left out. */
  columns: string[];
}

export interface StoredSequence {
  sequence: string;
  /** Whose numbers it gives; null: no column's own. Missing in backups of before this was written. */
  column?: { table: string; name: string } | null;
  /** As text: 64 bits. */
  last_value: string;
  is_called: boolean;
}

export interface StoredMigration {
  version: number;
  name: string;
  hash: string;
}

/** Whom and what a backup is of. */
export interface DatabaseFacts {
  database: string;
  /** As clusterOf. */
  cluster: string | null;
  /** 180004 is 18.4. */
  server: number;
  migrations: StoredMigration[];
  /** Whom erasures took, so that an older backup is brought up to date by a newer one. */
  erasures: { person: string; at: string }[];
  extensions: string[];
  /** Schemas that are not ours and hold something. */
  others: { schema: string; objects: number }[];
}

/** Undefined where the database is none of ours. */
export async function readFacts(client: ClientBase): Promise<DatabaseFacts | undefined> {
  const all = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await client.query<Row>(sql)).rows;
  const [first] = await all<Pick<DatabaseFacts, 'database' | 'server'> & { ours: boolean }>(
    `select current_database()::text as database, current_setting('server_version_num')::int as server,
       to_regclass('priv.migrations') is not null as ours`,
  );
  const { database, server, ours } = first!;
  if (!ours) return undefined;
  const hasErasures = await all(`select where to_regclass('audit.erasures') is not null`);
  return {
    database,
    server,
    cluster: await clusterOf(client),
    migrations: await all('select version, name, hash from priv.migrations order by version'),
    erasures:
      hasErasures.length === 0
        ? []
        : await all(
            `select person_id::text as person, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
             from audit.erasures order by at, person_id`,
          ),
    extensions: (
      await all<{ name: string }>(
        `select extname::text as name from pg_extension where extname <> 'plpgsql' order by 1`,
      )
    ).map(({ name }) => name),
    others: await all(
      `select n.nspname::text as schema, count(*)::int as objects
       from pg_namespace n join lateral (
         select 'pg_class'::regclass as class, c.oid from pg_class c
         where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
         union all
         select 'pg_proc'::regclass, p.oid from pg_proc p where p.pronamespace = n.oid
         union all
         select 'pg_type'::regclass, t.oid from pg_type t
         where t.typnamespace = n.oid and t.typtype in ('e', 'd', 'r')
       ) o on not exists (
         select from pg_depend d where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
       where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname not in ${OURS}
       group by n.nspname order by n.nspname`,
    ),
  };
}

/** Tells clusters apart; null where the login may not ask. */
export async function clusterOf(client: ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ may: boolean }>(
    `select has_function_privilege('pg_control_system()', 'execute') as may`,
  );
  if (!rows[0]!.may) return null;
  const system = await client.query<{ id: string }>(
    'select system_identifier::text as id from pg_control_system()',
  );
  return system.rows[0]!.id;
}

/** In the order of their names; all of our schemas. Of one in partitions, the whole. */
export async function listStoredTables(client: ClientBase): Promise<StoredTable[]> {
  const { rows } = await client.query<StoredTable>(
    `select format('%I.%I', n.nspname, c.relname) as table,
       array(select a.attname::text from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
       and format('%I.%I', n.nspname, c.relname) not in ${DERIVED}
     order by 1`,
  );
  return rows;
}

export async function listStoredSequences(client: ClientBase): Promise<StoredSequence[]> {
  const { rows } = await client.query<Pick<StoredSequence, 'sequence' | 'column'>>(
    `select format('%I.%I', n.nspname, c.relname) as sequence,
       case when d.refobjid is not null then
         jsonb_build_object('table', d.refobjid::regclass::text, 'name', a.attname) end as column
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid
       and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
     left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where n.nspname in ${OURS} and c.relkind = 'S' order by 1`,
  );
  const found: StoredSequence[] = [];
  for (const { sequence, column } of rows) {
    const { rows: state } = await client.query<Pick<StoredSequence, 'last_value' | 'is_called'>>(
      `select last_value::text, is_called from ${sequence}`,
    );
    found.push({ sequence, column: column!, ...state[0]! });
  }
  return found;
}
