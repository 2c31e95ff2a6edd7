import { urlOfDatabase, withClient } from './connect';

/** Who has left, by id, as databases of the server know it. */
export interface Departures {
  erased: { person: string; database: string }[];
  /** Their logins were removed. */
  removed: string[];
  /** Databases that did not say. */
  unread: { database: string; problem: string }[];
}

/** Asks those of `databases` that are there and are ours. `url` is a superuser's. */
export async function readDepartures(url: string, databases: string[]): Promise<Departures> {
  const found: Departures = { erased: [], removed: [], unread: [] };
  for (const database of await findDatabases(url, databases)) {
    try {
      await readFrom(urlOfDatabase(url, database), database, found);
    } catch (error) {
      // A restore is for what is broken.
      found.unread.push({ database, problem: (error as Error).message });
    }
  }
  return found;
}

async function findDatabases(url: string, databases: string[]): Promise<string[]> {
  return withClient(urlOfDatabase(url, 'postgres'), async (server) => {
    const { rows } = await server.query<{ name: string }>(
      `select datname::text as name from pg_database where datname = any ($1) and datallowconn`,
      [databases],
    );
    return rows.map(({ name }) => name);
  });
}

async function readFrom(
  url: string,
  database: string,
  { erased, removed }: Departures,
): Promise<void> {
  await withClient(url, async (client) => {
    const ids = async (table: string, sql: string): Promise<string[]> => {
      const { rows } = await client.query(`select where to_regclass($1) is not null`, [table]);
      if (rows.length === 0) return []; // not ours, or of an older version
      return (await client.query<{ id: string }>(sql)).rows.map(({ id }) => id);
    };
    const people = await ids('audit.erasures', 'select person_id::text as id from audit.erasures');
    erased.push(...people.map((person) => ({ person, database })));
    const gone = 'select id::text from priv.principals where removed_at is not null';
    removed.push(...(await ids('priv.principals', gone)));
  });
}
