import { ensureLogin, type LoginKind } from '@coffee-roadmap/db/ensure-login';
import { migrate } from '@coffee-roadmap/db/migrate';
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execute, withClient } from './connect';

export interface BenchDatabase {
  /** The superuser's. */
  url: string;
  /** The URL of a login made for a person or a daemon, all in the one team. */
  login(kind: LoginKind, name: string): Promise<string>;
}

/** A durable server of the benchmark's own, or one that the user named. */
export interface BenchServer {
  /** Such as 18.4. */
  version: string;
  /** The server's main process, where it is our own. */
  pid: number | undefined;
  /** A new empty database; with `migrated` ours. */
  database(name: string, options?: { migrated?: boolean }): Promise<BenchDatabase>;
  close(): Promise<void>;
}

export interface ServerChoice {
  /** A superuser's URL of a server to use in place of one of our own. */
  url?: string;
  log: (line: string) => void;
}

/** Brings up what `npm start` brings up: the same server, the same settings, fsync on. */
export async function openBenchServer(choice: ServerChoice): Promise<BenchServer> {
  return choice.url === undefined ? openOwn(choice.log) : openGiven(choice.url);
}

async function openOwn(log: ServerChoice['log']): Promise<BenchServer> {
  // Below dist, not in the temporary folder: that may be memory, where fsync costs nothing.
  const folder = path.join(projectRoot(), 'dist', `bench-${process.pid}`);
  const dataDir = path.join(folder, 'postgres');
  const server = await startEmbeddedPostgres({ dataDir, durable: true, log });
  return {
    version: await versionOf(server.superuserUrl),
    pid: Number(readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]),
    database: (name, options) => makeDatabase(server.superuserUrl, `bench_${name}`, options),
    async close() {
      await removeEmbeddedPostgres(dataDir);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openGiven(url: string): Promise<BenchServer> {
  const run = randomBytes(3).toString('hex');
  const made: { name: string; url: string }[] = [];
  return {
    version: await versionOf(url),
    pid: undefined,
    async database(name, options) {
      const database = await makeDatabase(url, `bench_${run}_${name}`, options);
      made.push({ name: `bench_${run}_${name}`, url: database.url });
      return database;
    },
    async close() {
      for (const database of made) {
        const logins = await loginsOf(database.url);
        await execute(url, `drop database if exists ${database.name} with (force)`);
        for (const login of logins) await execute(url, `drop role if exists ${login}`);
      }
    },
  };
}

async function makeDatabase(
  superuserUrl: string,
  name: string,
  options: { migrated?: boolean } = {},
): Promise<BenchDatabase> {
  await execute(superuserUrl, `create database ${name}`);
  const changed = new URL(superuserUrl);
  changed.pathname = `/${name}`;
  const url = changed.href;
  if (options.migrated === true) await migrate(url);
  return {
    url,
    async login(kind, login) {
      const password = randomBytes(12).toString('hex');
      const result = new URL(url);
      result.username = await ensureLogin(url, { kind, name: login, password });
      result.password = password;
      return result.href;
    },
  };
}

/** Logins belong to the cluster and outlive a database that is dropped. */
async function loginsOf(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const ours = await client.query(`select from pg_namespace where nspname = 'priv'`);
    if (ours.rowCount === 0) return [];
    const { rows } = await client.query<{ login: string }>(
      'select quote_ident(login) as login from priv.principals where login is not null',
    );
    return rows.map((row) => row.login);
  });
}

async function versionOf(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]!.server_version.split(' ')[0]!;
  });
}
