import { randomBytes } from 'node:crypto';
import { describeTables, type TableRules } from './table-rules';
import type { World } from './world';

const reads: TableRules['reads'] = { auditor: ['one', 'another'] };
const first = (table: string, key: string): string =>
  `${key}::text = (select min(${key}::text) from ${table})`;
const last = (table: string, key: string): string =>
  `${key}::text = (select max(${key}::text) from ${table})`;
const rowsOf = (table: string, key: string): TableRules['rows'] => ({
  one: () => first(table, key),
  another: () => last(table, key),
});
const tables = {
  'audit.seals': [
    'n',
    `insert into audit.seals values (99, now(), 1, sha256('x'), sha256('x'), sha256('x'))`,
  ],
  'audit.sealed': ['entry_id', `insert into audit.sealed values (999, 1)`],
  'audit.erasures': [
    'person_id',
    `insert into audit.erasures values (gen_random_uuid(), 'person-00000000', 1)`,
  ],
  'audit.erased_payloads': [
    'entry_id',
    `insert into audit.erased_payloads values (1, gen_random_uuid())`,
  ],
} as const;

describeTables(
  Object.entries(tables).map(([table, [key, insert]]) => ({
    ...{ table, reads, rows: rowsOf(table, key), insert: () => insert, column: key },
  })),
  (world) => {
    beforeAll(async () => {
      await seal(world(), 5);
      for (const name of ['rita', 'bob']) await eraseSomebody(world(), name);
      await seal(world(), 1000);
    });
  },
);

async function seal(world: World, most: number): Promise<void> {
  await (await world.as('anna')).query('select coffee.seal_audit($1)', [most]);
}

/** A member of both teams who leaves again. */
async function eraseSomebody(world: World, name: string): Promise<void> {
  const who = `${name} ${randomBytes(4).toString('hex')}`;
  const { rows } = await (
    await world.as('anna')
  ).query<{ login: string; password: string }>(
    `select * from coffee.add_login('person', $1, '{team,blue}')`,
    [who],
  );
  const { login, password } = rows[0]!;
  const client = await world.database.connect(world.database.urlFor(login, password));
  await client.query('select coffee.erase_me($1)', [who]);
  await client.end();
}
