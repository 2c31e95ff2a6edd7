import { formatTables } from '@coffee-roadmap/db/format-tables';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('db/generated/tables.md is what the database has (npm run db:generate)', async () => {
  const file = path.join(databaseFolder(), 'generated', 'tables.md');
  expect(await formatTables(await database.connect())).toBe(readFileSync(file, 'utf8'));
});

it('every row type of the product is of a table that is there, with its columns', async () => {
  const types = readFileSync(
    path.join(databaseFolder(), '../libs/shared/src/db/types.generated.ts'),
    'utf8',
  );
  const client = await database.connect();
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.oid::regclass::text as table, array_agg(a.attname::text order by a.attname) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics') and c.relkind in ('r', 'v')
     group by c.oid order by 1`,
  );
  const known = rows.map(({ table }) => {
    const name = new RegExp(`"${table}": (\\w+);`).exec(types)?.[1];
    const body =
      new RegExp(`export interface ${name ?? '-'} \\{([^]*?)\\n\\}`).exec(types)?.[1] ?? '';
    return { table, columns: [...body.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1]!).sort() };
  });
  expect(known).toEqual(rows);
});
