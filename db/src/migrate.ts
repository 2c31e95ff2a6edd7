import { Client } from 'pg';
import { applyCurrentTruth, hashOfCurrentTruth, listCurrentTruth } from './current-truth';
import { MigrationError } from './migration-error';
import { assertDatabaseLevel } from './revokes';
import { databaseFolder, listMigrations, readSql, type MigrationFile } from './source';

export interface MigrateOptions {
  /** The db/ folder; for tests. */
  folder?: string;
  /** One line for each thing done. */
  log?: (line: string) => void;
  /** Only the tables, and only up to this migration: for rows of a backup. */
  tablesOf?: number;
}

export interface MigrateResult {
  /** Files applied by this call. */
  applied: string[];
  /** The database's version now. */
  version: number;
  /** Whether functions, policies and views were applied anew. */
  refreshed: boolean;
}

/** 'coffee' in ASCII: one migration at a time per database. */
export const MIGRATION_LOCK = '109263692195173';

/**
 * Brings a database to this program's version: migrations, then functions, policies and views, then
 * the database-level revokes. `url` is a superuser's. Throws MigrationError for a database newer
 * than this program, an edited migration, and a migration that fails (nothing of it stays).
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<MigrateResult> {
  const folder = options.folder ?? databaseFolder();
  const client = new Client({ connectionString: url, application_name: 'coffee-roadmap migrate' });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  try {
    await client.query(`select pg_catalog.pg_advisory_lock(${MIGRATION_LOCK})`);
    return await migrateLocked(client, folder, options);
  } finally {
    await client.end();
  }
}

async function migrateLocked(
  client: Client,
  folder: string,
  { log = () => undefined, tablesOf }: MigrateOptions,
): Promise<MigrateResult> {
  const files = listMigrations(folder).slice(0, tablesOf);
  await inTransaction(client, async () => {
    await client.query(readSql(folder, 'roles.sql').sql);
    await client.query(`
      set local role coffee_owner;
      create table if not exists priv.migrations (
        version integer primary key,
        name text not null,
        hash text not null,
        applied_at timestamptz not null default now()
      );
      create table if not exists priv.current_truth (
        only_row boolean primary key default true check (only_row),
        hash text not null,
        applied_at timestamptz not null default now()
      )`);
  });
  const applied = await client.query<MigrationFile>(
    'select version, name, hash from priv.migrations order by version',
  );
  refuseWrongDatabase(applied.rows, files);

  const missing = files.slice(applied.rows.length);
  for (const file of missing) {
    await applyMigration(client, file);
    log(`applied ${file.name}`);
  }
  const names = missing.map((file) => file.name);
  if (tablesOf !== undefined) return { applied: names, version: tablesOf, refreshed: false };
  const refreshed = await refresh(client, folder, missing.length > 0);
  if (refreshed) log('applied functions, policies and views');
  await inTransaction(client, () => assertDatabaseLevel(client));
  return { applied: names, version: files.length, refreshed };
}

function refuseWrongDatabase(applied: MigrationFile[], files: MigrationFile[]): void {
  if (applied.length > files.length) {
    throw new MigrationError(
      'database_newer',
      `the database is at version ${applied.length}, this program knows ${files.length}`,
      'Update coffee-roadmap: git pull && npm start.',
    );
  }
  for (const [index, row] of applied.entries()) {
    const file = files[index]!;
    if (file.hash !== row.hash || file.name !== row.name) {
      throw new MigrationError(
        'migration_edited',
        `${file.name} is not the file that was applied to this database as ${row.name}`,
        `Restore it (git checkout -- db/migrations) and put the change into a new one: npm run db:new NAME.`,
      );
    }
  }
}

async function applyMigration(client: Client, file: MigrationFile): Promise<void> {
  try {
    await inTransaction(client, async () => {
      await client.query('set local role coffee_owner');
      await client.query(file.sql);
      await client.query('reset role'); // FORCE RLS holds for the owner too
      await client.query('insert into priv.migrations (version, name, hash) values ($1, $2, $3)', [
        file.version,
        file.name,
        file.hash,
      ]);
    });
  } catch (error) {
    throw new MigrationError(
      'migration_failed',
      `${file.name}: ${(error as Error).message}`,
      'Nothing of it was kept. Mend the file and run npm run db:migrate again.',
      error,
    );
  }
}

async function refresh(client: Client, folder: string, always: boolean): Promise<boolean> {
  const files = listCurrentTruth(folder);
  const hash = hashOfCurrentTruth(files);
  const { rows } = await client.query<{ hash: string }>('select hash from priv.current_truth');
  if (!always && rows[0]?.hash === hash) return false;
  const apply = () =>
    inTransaction(client, async () => {
      await assertDatabaseLevel(client);
      await applyCurrentTruth(client, files);
      await client.query(
        `insert into priv.current_truth (hash) values ($1)
         on conflict (only_row) do update set hash = excluded.hash, applied_at = now()`,
        [hash],
      );
    });
  try {
    // It locks every table, one after the other, beside whoever works: of two that wait for each other
    // Postgres ends one, which begins anew.
    await apply().catch((error: unknown) => {
      if (!isDeadlock(error)) throw error;
      return apply();
    });
  } catch (error) {
    throw new MigrationError(
      'migration_failed',
      (error as Error).message,
      'Nothing was changed. Mend the file and run npm run db:migrate again.',
      error,
    );
  }
  return true;
}

function isDeadlock(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return (code ?? cause?.code) === '40P01';
}

async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
