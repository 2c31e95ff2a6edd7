import type { World } from '../world';

const MASTER = 'set session_replication_role = replica';
const TABLES = [
  ...['entries', 'payloads', 'unsealed', 'seals', 'sealed'],
  ...['erasures', 'erased_payloads'],
] as const;

/** Does to the trail what only a superuser can, looks what is found, and undoes it. */
export async function tampered(
  world: World,
  sql: string,
  look: () => Promise<string[]>,
): Promise<string[]> {
  await world.root('create schema if not exists kept');
  for (const table of TABLES)
    await world.root(`create table kept.${table} as table audit.${table}`);
  const root = await world.database.connect();
  await root.query(MASTER);
  try {
    await root.query(sql);
    return await look();
  } finally {
    await root.query(TABLES.map((table) => `truncate audit.${table} cascade`).join(';'));
    for (const table of TABLES) {
      await root.query(`insert into audit.${table} overriding system value table kept.${table}`);
    }
    await root.query('drop schema kept cascade');
    await root.end();
  }
}
