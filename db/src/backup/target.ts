import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { connectForBackup, quoted, urlOfDatabase, withClient } from './connect';

/** Why nothing was restored. */
export class TargetError extends Error {
  constructor(readonly why: 'not_empty' | 'in_use' | 'not_superuser' | 'busy' | 'aside_taken') {
    super(why);
    this.name = 'TargetError';
  }
}

/** What was begun is still there, under this name, for it could not be dropped; the next restore does so. */
export class UnfinishedError extends Error {
  constructor(
    readonly database: string,
    cause: unknown,
  ) {
    super(`${database} is left`, { cause });
    this.name = 'UnfinishedError';
  }
}

export interface Target {
  /** Its name. */
  database: string;
  /** What is there gets this name; left out: nothing may be there. */
  aside?: string;
}

/** 'restore' in ASCII: one at a time per server. */
const LOCK = '32199629625848421';

/**
 * Runs `work` on a new database of the server and gives it the name of `database` once it is done, so
 * that a half restored one never has that name. Throws TargetError where something is there already and
 * is not to be put aside.
 * `url` is a superuser's, for any database of the server.
 */
export async function withNewDatabase<T>(
  url: string,
  { database, aside }: Target,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const server = await connectForBackup(urlOfDatabase(url, 'postgres'));
  try {
    const { rows } = await server.query<{ superuser: boolean; free: boolean }>(
      `select r.rolsuper as superuser, r.rolsuper and pg_try_advisory_lock(${LOCK}) as free
       from pg_roles r where r.rolname = current_user`,
    );
    if (!rows[0]!.superuser) throw new TargetError('not_superuser');
    if (!rows[0]!.free) throw new TargetError('busy');
    const found = await findDatabase(server, database);
    const empty = found && (await isEmpty(urlOfDatabase(url, database)));
    if (found && !empty && aside === undefined) throw new TargetError('not_empty');
    if (aside !== undefined && (await findDatabase(server, aside)))
      throw new TargetError('aside_taken');
    if (found) await refuseUsed(server, database);
    await dropUnfinished(server, database);
    const making = `${prefixOf(database)}${randomBytes(4).toString('hex')}`;
    // An empty one was made with a locale that somebody chose.
    const template = empty ? quoted(database) : `template0 encoding 'UTF8'`;
    await server.query(`create database ${quoted(making)} template ${template}`).catch(inUse);
    try {
      const result = await work(urlOfDatabase(url, making));
      if (empty) await dropEmpty(url, server, database);
      else if (found) await rename(server, database, aside!);
      await rename(server, making, database).catch(async (error: unknown) => {
        if (found && !empty) await rename(server, aside!, database);
        throw error;
      });
      return result;
    } catch (error) {
      await server
        .query(`drop database if exists ${quoted(making)} with (force)`)
        .catch((): never => {
          throw new UnfinishedError(making, error);
        });
      throw error;
    }
  } finally {
    await server.end();
  }
}

/** Hours may have passed since it was empty. Under another name nobody fills it while it is looked at. */
async function dropEmpty(url: string, server: Client, database: string): Promise<void> {
  const hidden = `${database.slice(0, 20)}_replaced_${randomBytes(4).toString('hex')}`;
  await rename(server, database, hidden);
  try {
    if (!(await isEmpty(urlOfDatabase(url, hidden)))) throw new TargetError('not_empty');
    await server.query(`drop database ${quoted(hidden)}`).catch(inUse);
  } catch (error) {
    await rename(server, hidden, database);
    throw error;
  }
}

/** How long Postgres itself waits, to rename a database, for sessions that are just ending. */
const ENDING_MS = 5000;

/** Noticed here, before the work; who comes during it is noticed by Postgres at the end. */
async function refuseUsed(server: Client, database: string): Promise<void> {
  for (const until = performance.now() + ENDING_MS; ; await pause(100)) {
    const { rows } = await server.query(
      `select from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [database],
    );
    if (rows.length === 0) return;
    if (performance.now() >= until) throw new TargetError('in_use');
  }
}

async function rename(server: Client, from: string, to: string): Promise<void> {
  await server.query(`alter database ${quoted(from)} rename to ${quoted(to)}`).catch(inUse);
}

function inUse(error: unknown): never {
  if ((error as { code?: string }).code === '55006') throw new TargetError('in_use');
  throw error;
}

/** What restores that were killed have left; the lock says that none is at work. */
async function dropUnfinished(server: Client, database: string): Promise<void> {
  const { rows } = await server.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1) and substr(datname, length($1) + 1) ~ '^[0-9a-f]{8}$'`,
    [prefixOf(database)],
  );
  for (const { datname } of rows)
    await server.query(`drop database ${quoted(datname)} with (force)`);
}

/** A name has at most 63 bytes. */
function prefixOf(database: string): string {
  return `${database.slice(0, 20)}_restoring_`;
}

async function findDatabase(server: Client, database: string): Promise<boolean> {
  const { rows } = await server.query('select from pg_database where datname = $1', [database]);
  return rows.length > 0;
}

/** As `create database` makes it. */
async function isEmpty(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ empty: boolean }>(
      `select not exists (select from pg_class where oid >= 16384)
         and not exists (select from pg_proc where oid >= 16384)
         and not exists (select from pg_namespace where oid >= 16384) as empty`,
    );
    return rows[0]!.empty;
  });
}
