import { Client } from 'pg';

/** So that the same value is the same text on every server. */
const SAME_TEXT = `
  set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set timezone = 'UTC';
  set extra_float_digits = 1; set bytea_output = 'hex'; set client_encoding = 'UTF8';
  set row_security = off; -- rather fail than leave rows out
  set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set search_path = pg_catalog`;

/** For reading and writing whole tables. `url` is a superuser's, or that of a login that reads all. */
export async function connectForBackup(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'coffee-roadmap backup',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  try {
    await client.query(SAME_TEXT);
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

/** Runs `work` with a connection of its own, as connectForBackup makes it. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectForBackup(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server's other database. */
export function urlOfDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other.href;
}

/** As an identifier in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
