import { installLints, lintDatabase, listLints, runLint } from '@coffee-roadmap/db/lint';
import { databaseFolder } from '@coffee-roadmap/db/source';
import type { Client } from 'pg';
import { createWorld, type World } from './world';
import { BAD_DISTRIBUTION } from './bad-examples/distribution';
import { BAD_RIGHTS } from './bad-examples/rights';
import { BAD_SHAPE } from './bad-examples/shape';

const BAD = [...BAD_SHAPE, ...BAD_RIGHTS, ...BAD_DISTRIBUTION];
let world: World;
let client: Client;

beforeAll(async () => {
  world = await createWorld();
  client = await world.database.connect();
  await installLints(client, databaseFolder());
});
afterAll(() => world.close());

it('find nothing in a migrated database that people use', async () => {
  expect(await lintDatabase(client, databaseFolder())).toEqual([]);
});

it('have a bad example each', () => {
  expect([...new Set(BAD.map(({ lint }) => lint))].sort()).toEqual(
    listLints(databaseFolder()).sort(),
  );
});

describe.each(BAD)('$lint', ({ lint, what, sql, finds }) => {
  it(`fires on ${what}`, async () => {
    await client.query('begin');
    try {
      await client.query(sql(world));
      const found = await runLint(client, lint);
      expect(found.map(({ object, problem }) => `${object}: ${problem}`)).toContainEqual(
        expect.stringMatching(finds),
      );
    } finally {
      await client.query('rollback');
    }
    expect(await runLint(client, lint)).toEqual([]);
  });
});
