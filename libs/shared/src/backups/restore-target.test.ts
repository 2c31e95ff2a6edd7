import { dropLogins } from '@coffee-roadmap/db/backup/logins';
import { withNewDatabase } from '@coffee-roadmap/db/backup/target';
import type { QueryResultRow } from 'pg';
import { createTestDatabase, query, type TestDatabase } from '../../../../tests/support/database';
import { takeTurnsToRestore } from '../../../../tests/support/restore-turn';
import { databaseUrl } from '../../../../tests/support/template';
import { explainFailure } from './explain-failure';

let own: TestDatabase;
const made: string[] = [];

takeTurnsToRestore();
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(async () => {
  for (const name of made) await root(`drop database if exists "${name}"`);
  await own.drop();
});

function root<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]> {
  return query<Row>(own.superuserUrl, sql, values);
}

it('drops no empty database that somebody has filled meanwhile', async () => {
  const server = own.superuserUrl;
  const database = `${own.name}_empty`;
  await root(`create database ${database} template template0`);
  made.push(database);
  const url = databaseUrl(server, database);
  const work = () => query(url, 'create table public.late as select 7 as n');
  await expect(withNewDatabase(server, { database }, work)).rejects.toMatchObject({
    why: 'not_empty',
  });
  expect(await query(url, 'select n from public.late')).toEqual([{ n: 7 }]);
});

it('tells what it could not drop, and the next one drops it', async () => {
  const server = own.superuserUrl;
  const database = `${own.name}_killed`;
  const begun = `select datname::text as name from pg_database where starts_with(datname, $1)`;
  const prefix = `${database.slice(0, 20)}_restoring_`;
  const killed = withNewDatabase(server, { database }, async () => {
    await root(
      `select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory'
         and (classid::bigint << 32 | objid::bigint) = 32199629625848421`,
    );
    throw new Error('power is out');
  });
  const error: unknown = await killed.catch((cause: unknown) => cause);
  const [left] = await root<{ name: string }>(begun, [prefix]);
  expect(explainFailure(error, database)).toMatchObject({
    ...{ code: 'failed', message: 'power is out' },
    hint: `Nothing was restored. ${left!.name} is left of it; the next restore drops that.`,
  });
  const seen = await withNewDatabase(server, { database }, () =>
    root<{ name: string }>(begun, [prefix]),
  );
  made.push(database);
  expect(seen).toHaveLength(1);
  expect(seen).not.toContainEqual(left);
});

it('takes back each login that it can, and names the others', async () => {
  const [stuck, free] = ['stuck', 'free'].map((name) => `${name}_${own.name}`);
  await root(`create role ${stuck}; create role ${free};
    create schema held authorization ${stuck}`);
  const logins = [stuck!, free!].map((login) => ({ login, kind: 'person', name: login }));
  const left = await dropLogins(own.superuserUrl, logins);
  expect(left).toEqual([{ login: stuck, reason: expect.stringContaining('depend') }]);
  const roles = 'select rolname::text as login from pg_roles where rolname = any ($1)';
  expect(await root(roles, [[stuck, free]])).toEqual([{ login: stuck }]);
  await root(`drop schema held; drop role ${stuck}`);
});
