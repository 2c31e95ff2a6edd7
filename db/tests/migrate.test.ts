import { migrate } from '@coffee-roadmap/db/migrate';
import { MigrationError } from '@coffee-roadmap/db/migration-error';
import { newMigration } from '@coffee-roadmap/db/new-migration';
import { databaseFolder, listMigrations } from '@coffee-roadmap/db/source';
import { randomBytes } from 'node:crypto';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { query } from '../../tests/support/database';

const server = process.env.COFFEE_TEST_CLUSTER_URL!;
const newest = listMigrations(databaseFolder()).length;
let name: string;
let url: string;
/** A copy of db/ that a test may change. */
let folder: string;

beforeEach(async () => {
  name = `t_${process.env.COFFEE_TEST_RUN!}_${randomBytes(4).toString('hex')}`;
  await query(server, `create database ${name} template template0 encoding 'UTF8'`);
  const own = new URL(server);
  own.pathname = `/${name}`;
  url = own.href;
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-migrate-'));
  for (const part of ['roles.sql', 'migrations', 'functions', 'policies', 'views']) {
    cpSync(path.join(databaseFolder(), part), path.join(folder, part), { recursive: true });
  }
});
afterEach(async () => {
  await query(server, `drop database if exists ${name} with (force)`);
  rmSync(folder, { recursive: true, force: true });
});

const version = async (): Promise<number> =>
  (await query<{ n: number }>(url, 'select count(*)::int as n from priv.migrations'))[0]!.n;
const failure = async (work: Promise<unknown>): Promise<MigrationError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error as MigrationError;
};

it('brings an empty database to the newest version, and then does nothing more', async () => {
  const lines: string[] = [];
  expect(await migrate(url, { log: (line) => lines.push(line) })).toMatchObject({
    version: newest,
    refreshed: true,
  });
  expect(lines).toHaveLength(newest + 1);
  expect(await migrate(url)).toEqual({ applied: [], version: newest, refreshed: false });
});

it('runs once when two programs start at the same moment', async () => {
  const results = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, newest]);
  expect(await version()).toBe(newest);
});

it('refuses a database that is newer, and says what to do', async () => {
  const file = newMigration(folder, 'of the future');
  writeFileSync(file, 'create table coffee.later (id int);\n');
  writeFileSync(
    path.join(folder, 'policies', 'later.sql'),
    'alter table coffee.later enable row level security; alter table coffee.later force row level security;\n',
  );
  await migrate(url, { folder });
  const error = await failure(migrate(url));
  expect(error).toMatchObject({
    code: 'database_newer',
    hint: expect.stringContaining('npm start') as string,
  });
  expect(await version()).toBe(newest + 1);
});

it('refuses an edited migration, also when only a comment changed', async () => {
  await migrate(url);
  appendFileSync(path.join(folder, 'migrations', '0001_people.sql'), '-- edited\n');
  const error = await failure(migrate(url, { folder }));
  expect(error).toMatchObject({
    code: 'migration_edited',
    hint: expect.stringContaining('npm run db:new') as string,
  });
});

it('keeps nothing of a migration that fails, and goes on once it is mended', async () => {
  await migrate(url);
  const file = newMigration(folder, 'half');
  writeFileSync(file, 'create table coffee.half (id int);\nselect 1 / 0;\n');
  expect(await failure(migrate(url, { folder }))).toMatchObject({ code: 'migration_failed' });
  expect(await query(url, `select to_regclass('coffee.half') as half`)).toEqual([{ half: null }]);
  expect(await version()).toBe(newest);
  writeFileSync(file, 'create table coffee.half (id int);\n');
  expect(await migrate(url, { folder })).toMatchObject({ version: newest + 1 });
});

it('keeps the old functions and policies when the new ones are wrong', async () => {
  await migrate(url);
  writeFileSync(
    path.join(folder, 'functions', 'broken.sql'),
    'create function coffee.broken() returns;',
  );
  const error = await failure(migrate(url, { folder }));
  expect(error.message).toMatch(/functions\/broken\.sql: line 1/);
  const [row] = await query<{ n: number }>(
    url,
    `select count(*)::int as n from pg_proc where pronamespace = 'coffee'::regnamespace`,
  );
  expect(row!.n).toBeGreaterThan(10);
});

it('takes away what the files do not say any more', async () => {
  await migrate(url);
  await query(url, 'grant select on priv.principals to coffee_user');
  await query(
    url,
    'create policy forgotten on priv.principals for select to coffee_user using (true)',
  );
  await query(url, 'create view analytics.forgotten as select * from coffee.people');
  appendFileSync(path.join(folder, 'views', 'roadmap_totals.sql'), '-- changed\n');
  expect(await migrate(url, { folder })).toMatchObject({ applied: [], refreshed: true });
  const left = await query(
    url,
    `select has_table_privilege('coffee_user', 'priv.principals', 'select') as granted,
       to_regclass('analytics.forgotten') as view,
       (select count(*)::int from pg_policies where policyname = 'forgotten') as policies`,
  );
  expect(left).toEqual([{ granted: false, view: null, policies: 0 }]);
});

it('keeps the rows when functions, policies and views are applied anew', async () => {
  await migrate(url);
  await query(url, `insert into coffee.teams (name) values ('kept')`);
  appendFileSync(path.join(folder, 'functions', 'version.sql'), '-- changed\n');
  await migrate(url, { folder });
  expect(await query(url, 'select name from coffee.teams')).toEqual([{ name: 'kept' }]);
});

describe('db:new', () => {
  it('makes the next number, and refuses a name that is none', () => {
    const file = newMigration(folder, 'Add tags');
    expect(path.basename(file)).toBe(`${String(newest + 1).padStart(4, '0')}_add_tags.sql`);
    expect(readFileSync(file, 'utf8')).toMatch(/^--/);
    for (const bad of ['', '../../x', '1st', 'a;b'])
      expect(() => newMigration(folder, bad)).toThrow();
  });

  it('does not fill a gap', () => {
    rmSync(path.join(folder, 'migrations', '0002_roadmap.sql'));
    expect(() => listMigrations(folder)).toThrow(/expected number 0002/);
  });
});
