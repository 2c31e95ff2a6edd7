import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from './migrate';

/**
 * Runs `work` on a database of its own, migrated from the files of `folder`, and drops it again.
 * `url` is a superuser's, for any database of the server.
 */
export async function withScratchDatabase<T>(
  url: string,
  folder: string,
  work: (client: Client, url: string) => Promise<T>,
): Promise<T> {
  const name = `coffee_scratch_${randomBytes(4).toString('hex')}`;
  const server = await connect(url);
  try {
    await server.query(`create database ${name} template template0 encoding 'UTF8'`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    try {
      await migrate(own.href, { folder });
      const client = await connect(own.href);
      try {
        return await work(client, own.href);
      } finally {
        await client.end();
      }
    } finally {
      await server.query(`drop database if exists ${name} with (force)`);
    }
  } finally {
    await server.end();
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  return client;
}
