import { assertDatabaseLevel } from '@coffee-roadmap/db/revokes';
import { randomBytes } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import { databaseUrl } from './template';

export interface TestDatabase {
  name: string;
  superuserUrl: string;
  /** The URL of this database for another login. */
  urlFor(login: string, password: string): string;
  /** A client that `drop` ends at the latest; `url` as given by `urlFor`, or the superuser's. */
  connect(url?: string): Promise<Client>;
  drop(): Promise<void>;
}

/** A migrated database of the caller's own: a copy of the run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = fromSetup('COFFEE_TEST_CLUSTER_URL');
  const name = `t_${fromSetup('COFFEE_TEST_RUN')}_${randomBytes(4).toString('hex')}`;
  await query(cluster, `create database ${name} template ${fromSetup('COFFEE_TEST_TEMPLATE')}`);
  const superuserUrl = databaseUrl(cluster, name);
  // A copy loses the database-level revokes: PUBLIC may connect and make temporary tables again.
  await withClient(superuserUrl, assertDatabaseLevel);
  return openTestDatabase(name, superuserUrl, async () => {
    await query(cluster, `drop database if exists ${name} with (force)`);
  });
}

/** A database that is there; `remove` is the end of `drop`. */
export function openTestDatabase(
  name: string,
  superuserUrl: string,
  remove: () => Promise<void>,
): TestDatabase {
  const clients: Client[] = [];
  const connect = async (url = superuserUrl): Promise<Client> => {
    const client = await connectTo(url);
    clients.push(client);
    return client;
  };
  return {
    name,
    superuserUrl,
    connect,
    urlFor: (login, password) => {
      const url = new URL(superuserUrl);
      url.username = encodeURIComponent(login);
      url.password = encodeURIComponent(password);
      return url.href;
    },
    drop: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await remove();
    },
  };
}

/** One statement over a connection of its own; the rows. */
export async function query<Row extends QueryResultRow = QueryResultRow>(
  url: string,
  sql: string,
  params: unknown[] = [],
): Promise<Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(sql, params)).rows);
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectTo(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  return client;
}

function fromSetup(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is set by tests/support/global-setup.ts`);
  return value;
}
