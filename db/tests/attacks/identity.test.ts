import type { Client } from 'pg';
import { EVERYBODY, type Who } from '../logins';
import { attempt, codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const SOMEBODY = EVERYBODY.filter((who) => who !== 'nobody');
const whoami = async (client: Client): Promise<unknown> =>
  (await client.query('select * from coffee.whoami()')).rows[0];
const version = async (): Promise<number> =>
  (await world.root<{ n: number }>(`select current_setting('server_version_num')::int as n`))[0]!.n;
describe('login attributes and pg_* memberships', () => {
  it.each(EVERYBODY)('%s has no attribute and is in our groups alone', async (who) => {
    const [row] = await world.root(
      `select r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls,
         r.rolconnlimit between 1 and 40 as limited,
         array(select m.roleid::regrole::text from pg_auth_members m
               where m.member = r.oid and m.roleid::regrole::text !~ '^coffee_') as others
       from pg_roles r where r.rolname = $1`,
      [world.login(who).login],
    );
    expect(row).toEqual({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: false,
      limited: true,
      others: [],
    });
  });

  it('gives CREATEROLE to the registrar alone, and on 15 to nobody', async () => {
    const rows = await world.root<{ name: string }>(
      `select rolname as name from pg_roles where rolcreaterole and rolname ~ '^coffee_'`,
    );
    expect(rows.map(({ name }) => name)).toEqual(
      (await version()) >= 160_000 ? ['coffee_registrar'] : [],
    );
  });
});

describe('SET ROLE to a person, to the owner, to the group', () => {
  it.each(SOMEBODY)('does not make %s anybody else', async (who) => {
    const client = await world.another(who);
    const before = await whoami(client);
    const others = [
      world.login(who === 'carla' ? 'ben' : 'carla').login,
      'coffee_owner',
      'coffee_api',
      'coffee_registrar',
      'postgres',
    ];
    for (const role of others) {
      expect([role, await codeOf(client, `set role ${role}`)]).toEqual([role, NOT_ALLOWED]);
    }
    // On 15 the group itself cannot be forbidden; it is no identity.
    const group = await world.root<{ name: string }>(
      `select m.roleid::regrole::text as name from pg_auth_members m
       where m.member = $1::regrole`,
      [world.login(who).login],
    );
    for (const { name } of group) {
      const may = (await version()) < 160_000;
      expect(await codeOf(client, `set role ${name}`)).toBe(may ? 'ok' : NOT_ALLOWED);
      expect(await valueOf(client, 'select session_user')).toBe(world.login(who).login);
      const there = await attempt(client, 'select * from coffee.whoami()');
      if (there.code === 'ok') expect(await whoami(client)).toEqual(before);
      await client.query('reset role');
    }
    await client.end();
  });
});

describe('SET SESSION AUTHORIZATION', () => {
  it.each(EVERYBODY)('is refused to %s', async (who) => {
    const client = await world.as(who);
    for (const other of [
      'postgres',
      'coffee_owner',
      world.login(who === 'ben' ? 'anna' : 'ben').login,
    ]) {
      expect(await codeOf(client, `set session authorization ${other}`)).toBe(NOT_ALLOWED);
    }
  });
});

describe('RESET ROLE behind a pooler', () => {
  it('finds nothing to go back to: a session is one login from its start', async () => {
    const ben = await world.another('ben');
    const before = await whoami(ben);
    for (const sql of [
      'reset role',
      'set role none',
      'reset session authorization',
      'discard all',
    ]) {
      await ben.query(sql);
      expect(await whoami(ben)).toEqual(before);
    }
    await ben.end();
  });
});

describe('GUC spoofing', () => {
  it('makes nobody anybody', async () => {
    const { login } = world.login('anna');
    const ben = await world.another('ben');
    const before = await whoami(ben);
    for (const name of [
      'app.user_id',
      'coffee.login',
      'coffee.person_id',
      'request.jwt.claims',
      'coffee.token',
    ]) {
      await ben.query(`select set_config($1, $2, false)`, [name, login]);
    }
    await ben.query(`set application_name = 'postgres'`);
    expect(await whoami(ben)).toEqual(before);
    expect(
      await codeOf(ben, `select set_config('session_authorization', $1, false)`, [login]),
    ).toBe(NOT_ALLOWED);
    expect(await codeOf(ben, `select set_config('role', $1, false)`, [login])).toBe(NOT_ALLOWED);
    expect(await codeOf(ben, `set is_superuser = on`)).toBe('55P02');
    await ben.end();
  });
});

describe('`row_security=off`', () => {
  it.each(['ben', 'daemon', 'slackbot', 'nobody'] as Who[])(
    'shows %s an error and no row',
    async (who) => {
      const client = await world.another(who);
      await client.query('set row_security = off');
      expect(await codeOf(client, 'select * from coffee.projects')).toBe(NOT_ALLOWED);
      await client.end();
      expect((await world.root('select from coffee.projects')).length).toBe(2);
    },
  );

  it('stops our functions rather than opening them', async () => {
    const ben = await world.another('ben');
    await ben.query('set row_security = off');
    const outcome = await attempt(ben, `select coffee.add_item($1, 'x')`, [world.ids.red.project]);
    expect(outcome.code).toBe(NOT_ALLOWED);
    await ben.end();
  });
});

describe('Owner bypass without FORCE', () => {
  it('is what FORCE prevents', async () => {
    const { login, password } = { login: `${world.database.name}_owner`, password: 'owner' };
    await world.root(
      `create role ${login} login connection limit 1 password '${password}' in role coffee_owner`,
    );
    await world.root(`grant connect on database ${world.database.name} to ${login}`);
    const client = await world.database.connect(world.database.urlFor(login, password));
    const count = () => valueOf(client, 'select count(*)::int from coffee.projects');
    expect(await count()).toBe(0);
    const lift = 'alter table coffee.projects no force row level security';
    expect(await codeOf(client, lift)).toBe(NOT_ALLOWED); // not even the owner, through a login
    await world.root(lift);
    expect(await count()).toBe(2); // the rows are there, and FORCE is what hid them
    await world.root('alter table coffee.projects force row level security');
    await client.end();
    await world.root(`drop owned by ${login}`);
    await world.root(`drop role ${login}`);
  });
});

describe('shared-login query text', () => {
  it('is not shared: nobody reads the statements of another login', async () => {
    const carla = await world.as('carla');
    await carla.query(`select 'carla secret'`);
    for (const who of ['anna', 'ben', 'daemon', 'auditor'] as Who[]) {
      const client = await world.as(who);
      const { rows } = await client.query<{ query: string; mine: boolean }>(
        'select query, usename = session_user as mine from pg_stat_activity',
      );
      expect(rows.some(({ mine }) => !mine)).toBe(true);
      const texts = rows.filter(({ mine, query }) => !mine && query !== '<insufficient privilege>');
      expect(texts.filter(({ query }) => query !== '' && query !== null)).toEqual([]);
    }
  });

  it('gives every program and every person a login of their own', async () => {
    const names = EVERYBODY.map((who) => world.login(who).login);
    expect(new Set(names).size).toBe(EVERYBODY.length);
  });
});
