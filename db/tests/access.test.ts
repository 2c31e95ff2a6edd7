import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compareAccess, parseAccessIntent } from '@coffee-roadmap/db/access-intent';
import { readAccessMatrix, type AccessMatrix } from '@coffee-roadmap/db/access-matrix';
import { formatAccess } from '@coffee-roadmap/db/format-access';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';

const intent = parseAccessIntent(
  readFileSync(path.join(databaseFolder(), 'access-intent.md'), 'utf8'),
);
let database: TestDatabase;
let matrix: AccessMatrix;

beforeAll(async () => {
  database = await createTestDatabase();
  matrix = await readAccessMatrix(await database.connect());
});
afterAll(() => database.drop());

/** What the comparison says after a statement, which is undone. */
async function differencesAfter(sql: string): Promise<string[]> {
  const client = await database.connect();
  await client.query('begin');
  await client.query(sql);
  const changed = await readAccessMatrix(client);
  await client.query('rollback');
  return compareAccess(intent, changed);
}

it('is what was meant, cell by cell', () => {
  expect(compareAccess(intent, matrix)).toEqual([]);
});

it('is what db/generated/access.md shows', () => {
  const file = path.join(databaseFolder(), 'generated', 'access.md');
  expect(formatAccess(matrix)).toBe(readFileSync(file, 'utf8'));
});

it('has a column for every group that a login can be in', () => {
  expect(matrix.roles).toEqual(
    expect.arrayContaining([
      'user',
      'manager',
      'admin',
      'agent',
      'daemon',
      'slackbot',
      'dashboard',
      'collector',
      'auditor',
    ]),
  );
});

it.each([
  [
    'a table that nobody named',
    'create table coffee.secrets (id int)',
    'coffee.secrets × user: meant not named, is –',
  ],
  [
    'a role that nobody named',
    'create role coffee_intern nologin',
    'coffee.teams × intern: meant not named, is –',
  ],
  [
    'a grant that nobody meant',
    'grant update (answer) on coffee.notifications to coffee_daemon',
    'coffee.notifications × daemon: meant F own, is F own UPDATE',
  ],
  [
    'a grant without a policy',
    'grant select on coffee.people to coffee_collector',
    'coffee.people × collector: meant –, is R without policy',
  ],
  [
    'a policy that shows more',
    'create policy more on audit.entries for select to coffee_user using (actor_id is not null)',
    'audit.entries × user: meant F own, is F all',
  ],
  [
    'a function that somebody else may call',
    'grant execute on function coffee.answer(bigint, text, text) to coffee_agent',
    'audit.entries × agent: meant –, is F',
  ],
  [
    'a view that adds up what is private',
    `create view analytics.leak as select count(*) from audit.entries where id > 0;
     grant select on analytics.leak to coffee_dashboard`,
    'audit.entries × dashboard: meant F, is F Σ',
  ],
  [
    'a table that is gone',
    'drop table daemon.execution_log cascade',
    'daemon.execution_log: there is no such table',
  ],
])('notices %s', async (_what, sql, difference) => {
  expect(await differencesAfter(sql)).toContain(difference);
});
