import { randomUUID } from 'node:crypto';
import type { Client, QueryResultRow } from 'pg';
import { createTestDatabase, query, type TestDatabase } from '../../tests/support/database';
import { addLogins, type Login, type Who } from './logins';
import { seed, type Ids } from './seed';

export type { Who } from './logins';

/**
 * Two teams, red and blue, that share nothing but the server, with a login of every kind and rows of
 * both in every table. Everything was made through the functions that people and programs call.
 */
export interface World {
  database: TestDatabase;
  ids: Ids;
  login(who: Who): Login;
  /** The connection of this login; the same one at each call. */
  as(who: Who): Promise<Client>;
  /** One more connection of this login. */
  another(who: Who): Promise<Client>;
  /** As superuser: for what nobody may do, and for proofs that a hidden row is there. */
  root<Row extends QueryResultRow>(sql: string, params?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase();
  const root: World['root'] = (sql, params) => query(database.superuserUrl, sql, params);
  const logins = await addLogins(database);
  const clients = new Map<Who, Promise<Client>>();
  const another = async (who: Who): Promise<Client> => {
    const { login, password } = logins[who];
    const client = await database.connect(database.urlFor(login, password));
    client.on('error', () => undefined); // reported by the query that fails
    return client;
  };
  const as = (who: Who): Promise<Client> => {
    if (!clients.has(who)) clients.set(who, another(who));
    return clients.get(who)!;
  };
  const close = async (): Promise<void> => {
    const made = Object.values(logins).map(({ login }) => login);
    const more = await root<{ login: string }>(
      'select login from priv.principals where login is not null',
    );
    await database.drop();
    await dropRoles([...made, ...more.map(({ login }) => login)]);
  };
  const ids = await seed({ as, root, instance: randomUUID() }).catch(async (error: unknown) => {
    await close(); // nobody else will: there is no world to close
    throw error;
  });
  return { database, root, as, another, login: (who) => logins[who], ids, close };
}

/** Roles belong to the server and outlive the database. */
async function dropRoles(names: string[]): Promise<void> {
  const server = process.env.COFFEE_TEST_CLUSTER_URL!;
  for (const name of new Set(names)) await query(server, `drop role if exists "${name}"`);
}
