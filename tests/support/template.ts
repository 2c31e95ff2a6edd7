import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../db/src/migrate';

/** Names of one run's databases: `t_<run>_<random>` and the template that they are copies of. */
export function newRunId(): string {
  return `${Math.floor(Date.now() / 1000).toString(36)}_${randomBytes(3).toString('hex')}`;
}

const ABANDONED_AFTER_S = 6 * 3600;

/** One migrated database that every test file gets a copy of. */
export async function makeTemplate(superuserUrl: string, runId: string): Promise<string> {
  const name = `coffee_template_${runId}`;
  await asSuperuser(superuserUrl, async (client) => {
    await dropAbandoned(client);
    await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  });
  await migrate(databaseUrl(superuserUrl, name));
  await asSuperuser(superuserUrl, async (client) => {
    // A copy of a database that somebody is connected to is refused.
    await client.query(`alter database ${name} with allow_connections false`);
  });
  return name;
}

/** Drops the template and what test files left of their copies; for a server that lives on. */
export async function dropRun(superuserUrl: string, runId: string): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    await dropWhere(client, (name) => name.endsWith(`_${runId}`) || name.includes(`_${runId}_`));
  });
}

/** The same login on another database of the cluster. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Databases of runs that were killed, on a server that lives on; younger ones may be in use. */
async function dropAbandoned(client: Client): Promise<void> {
  const oldest = Date.now() / 1000 - ABANDONED_AFTER_S;
  await dropWhere(client, (name) => {
    const start = /^(?:t|coffee_template)_([0-9a-z]{6})_[0-9a-f]{6}(?:_|$)/.exec(name)?.[1];
    return start !== undefined && Number.parseInt(start, 36) < oldest;
  });
}

async function dropWhere(client: Client, matches: (name: string) => boolean): Promise<void> {
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
  for (const { datname } of rows.filter((row) => matches(row.datname))) {
    await client.query(`drop database if exists ${datname} with (force)`);
  }
}

async function asSuperuser(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
