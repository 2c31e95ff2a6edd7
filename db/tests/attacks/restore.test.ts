import { migrate } from '@coffee-roadmap/db/migrate';
import { lintDatabase } from '@coffee-roadmap/db/lint';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { query } from '../../../tests/support/database';
import { codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
let copy: string;
let copyUrl: string;

beforeAll(async () => {
  world = await createWorld();
  copy = `${world.database.name}_${randomBytes(2).toString('hex')}`;
  const server = process.env.COFFEE_TEST_CLUSTER_URL!;
  // A copy is refused while somebody is connected.
  await query(server, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    world.database.name,
  ]);
  await query(server, `create database ${copy} template ${world.database.name}`);
  const url = new URL(server);
  url.pathname = `/${copy}`;
  copyUrl = url.href;
});
afterAll(async () => {
  await query(process.env.COFFEE_TEST_CLUSTER_URL!, `drop database if exists ${copy} with (force)`);
  await world.close();
});

async function connectToCopy(login: { login: string; password: string }): Promise<Client> {
  const url = new URL(copyUrl);
  url.username = login.login;
  url.password = login.password;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return client;
}

describe('restore losing database ACL', () => {
  it('is what a copy does: everybody may connect and make temporary objects', async () => {
    const ben = await connectToCopy(world.login('ben'));
    const may = `select has_database_privilege(session_user, current_database(), 'temporary')`;
    expect(await valueOf(ben, may)).toBe(true);
    // The guard was copied, and stands in the way already.
    expect(await codeOf(ben, 'create temporary table t (id int)')).toBe(NOT_ALLOWED);
    await ben.end();
    const superuser = new Client({ connectionString: copyUrl });
    await superuser.connect();
    const found = await lintDatabase(superuser, databaseFolder());
    expect(found.map(({ lint, problem }) => `${lint}: ${problem}`)).toEqual(
      expect.arrayContaining([
        'grant_to_public: PUBLIC has TEMPORARY',
        'grant_to_public: PUBLIC has CONNECT',
      ]),
    );
    await superuser.end();
  });

  it('is mended by the next migrate, also when there is nothing to migrate', async () => {
    await query(
      copyUrl,
      'grant execute on function pg_catalog.pg_sleep(double precision) to public',
    );
    await query(copyUrl, 'grant create, usage on schema public to public');
    await query(
      copyUrl,
      'alter default privileges for role coffee_api grant execute on functions to public',
    );
    expect(await migrate(copyUrl)).toMatchObject({ applied: [], refreshed: false });
    const ben = await connectToCopy(world.login('ben'));
    const may = `select has_database_privilege(session_user, current_database(), 'temporary')`;
    expect(await valueOf(ben, may)).toBe(false);
    for (const sql of [
      'create temporary table t (id int)',
      'select pg_sleep(0)',
      'create table public.t (id int)',
    ]) {
      expect([sql, await codeOf(ben, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    await ben.end();
    const superuser = new Client({ connectionString: copyUrl });
    await superuser.connect();
    expect(await lintDatabase(superuser, databaseFolder())).toEqual([]);
    await superuser.end();
  });

  it('keeps who is who: the logins are the same people in the copy', async () => {
    const ben = await connectToCopy(world.login('ben'));
    expect((await ben.query('select name from coffee.whoami()')).rows).toEqual([{ name: 'ben' }]);
    expect((await ben.query('select from coffee.projects')).rowCount).toBe(1);
    await ben.end();
  });
});
