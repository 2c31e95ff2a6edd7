import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { migrate } from '@coffee-roadmap/db/migrate';
import { MigrationError } from '@coffee-roadmap/db/migration-error';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';
import { writePrivateText } from '../config/private-file';
import { toAppError } from '../db/app-errors';
import { connect } from '../db/connection';
import { AppError } from '../errors';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../postgres/embedded-postgres';
import { localLogins } from './logins-file';

export interface LocalDatabase {
  server: EmbeddedPostgres;
  /** The machine's own user: first person and admin. */
  personUrl: string;
  /** Mode 0600; holds the daemon's URL. */
  daemonUrlFile: string;
  /** Migration files applied by this start. */
  applied: string[];
}

export const DATABASE = 'coffee_roadmap';

/** Mode 0600; holds the collector's URL, with which the dashboard takes in what SDKs send. */
export function collectorUrlFile(paths: Paths): string {
  return path.join(paths.data, 'collector.url');
}

/**
 * Brings up the embedded Postgres with our database in it, migrated, with a login for this user and
 * one for the daemon. Repeatable; a running server is used. Throws `postgres_start_failed`,
 * `database_newer`, `migration_edited`.
 */
export async function startLocalDatabase(options: {
  paths: Paths;
  user: string;
  /** False: no fsync; for a database that is thrown away. */
  durable?: boolean;
  log?: (line: string) => void;
}): Promise<LocalDatabase> {
  const { paths, log } = options;
  ensurePrivateFolder(paths.data);
  const server = await startEmbeddedPostgres({
    dataDir: path.join(paths.data, 'postgres'),
    durable: options.durable,
    log,
  });
  try {
    return { server, ...(await prepare(server, options)) };
  } catch (error) {
    if (!server.reused) await server.stop();
    throw error;
  }
}

async function prepare(
  server: EmbeddedPostgres,
  { paths, user, log }: { paths: Paths; user: string; log?: (line: string) => void },
): Promise<Omit<LocalDatabase, 'server'>> {
  const adminUrl = await ensureDatabase(server.superuserUrl);
  const { applied } = await migrateOrExplain(adminUrl, log);
  const logins = localLogins(paths, user);
  const urlFor = async (kind: 'person' | 'daemon' | 'collector'): Promise<string> => {
    const login = await ensureLogin(adminUrl, { kind, ...logins[kind] });
    return `postgres://${login}:${logins[kind].password}@${server.host}:${server.port}/${DATABASE}`;
  };
  const personUrl = await urlFor('person');
  const daemonUrlFile = path.join(paths.data, 'daemon.url');
  writePrivateText(daemonUrlFile, `${await urlFor('daemon')}\n`);
  writePrivateText(collectorUrlFile(paths), `${await urlFor('collector')}\n`);
  return { personUrl, daemonUrlFile, applied };
}

/** Migrates; what is wrong with the database becomes an AppError that says what to do. */
export async function migrateOrExplain(
  adminUrl: string,
  log?: (line: string) => void,
): Promise<{ applied: string[] }> {
  try {
    return await migrate(adminUrl, {
      log: () => log?.('making its tables, functions and policies'),
    });
  } catch (error) {
    if (!(error instanceof MigrationError)) throw toAppError(error);
    const code = error.code === 'migration_failed' ? 'failed' : error.code;
    throw new AppError(code, error.message, { hint: error.hint, cause: error });
  }
}

async function ensureDatabase(superuserUrl: string): Promise<string> {
  const client = await connect(superuserUrl);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      DATABASE,
    ]);
    if (rowCount === 0) {
      // A half-made database is none: CREATE DATABASE happens whole or not at all.
      await client.query(`create database ${DATABASE}`);
    }
  } finally {
    await client.end();
  }
  const url = new URL(superuserUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}
