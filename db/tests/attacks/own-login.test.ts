import { Client } from 'pg';
import { EVERYBODY } from '../logins';
import { attempt, codeOf, INVALID, NOT_ALLOWED } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('ALTER ROLE self', () => {
  it.each(EVERYBODY)('gets %s no right', async (who) => {
    const client = await world.as(who);
    const { login } = world.login(who);
    for (const change of [
      'superuser',
      'createrole',
      'createdb',
      'replication',
      'bypassrls',
      'connection limit -1',
      `valid until 'infinity'`,
      'rename to postgres2',
      'nologin',
    ]) {
      const sql = change.startsWith('rename')
        ? `alter role ${login} ${change}`
        : `alter role ${login} with ${change}`;
      expect([change, (await attempt(client, sql)).code]).toEqual([
        change,
        expect.stringMatching(/^(42501|0A000)$/), // renaming the session's own user is "not supported"
      ]);
    }
    for (const sql of [
      `alter role ${world.login(who === 'ben' ? 'anna' : 'ben').login} password 'taken'`,
      `alter role coffee_user set search_path = public`,
      `alter role all set row_security = off`,
      `alter database ${world.database.name} set search_path = public`,
      `grant coffee_admin to ${login}`,
      `create role ${login}_2`,
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });

  // Postgres lets every login change its own password, and we let it: whoever can do that is in
  // already. A login that was locked out in this way gets a new password from an admin.
  it('may change its own password, until an admin gives another', async () => {
    const daemon = await world.as('daemon');
    const { login } = world.login('daemon');
    await daemon.query(`alter role ${login} password 'its own choice'`);
    expect(await canLogIn(login, 'its own choice')).toBe(true);
    const anna = await world.as('anna');
    const { rows } = await anna.query<{ password: string }>(
      `select * from coffee.rotate_password('daemon', 'red daemon')`,
    );
    expect(await canLogIn(login, rows[0]!.password)).toBe(true);
    if (await asksForPasswords()) expect(await canLogIn(login, 'its own choice')).toBe(false);
  });

  it('may set defaults of its own, which reach no function', async () => {
    const { login } = world.login('blueDaemon');
    const daemon = await world.as('blueDaemon');
    for (const setting of ['search_path = public', 'row_security = off', `role = 'none'`]) {
      await daemon.query(`alter role ${login} set ${setting}`);
    }
    const again = await world.another('blueDaemon');
    expect(await codeOf(again, 'select * from coffee.projects')).toBe(NOT_ALLOWED); // row_security = off
    await again.query('set row_security = on');
    expect((await again.query('select * from coffee.projects')).rowCount).toBe(1);
    await again.end();
  });

  async function canLogIn(login: string, password: string): Promise<boolean> {
    const client = new Client({ connectionString: world.database.urlFor(login, password) });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  }

  /** A server that somebody set up for development may trust its own machine. */
  async function asksForPasswords(): Promise<boolean> {
    return !(await canLogIn(world.login('anna').login, 'certainly not this'));
  }
});

describe('recycled login', () => {
  it('inherits nothing from the person who had that name', async () => {
    const { login } = world.login('mona');
    const anna = await world.as('anna');
    await anna.query(`select coffee.remove_login('person', 'mona')`);
    await world.root(
      `create role ${login} login connection limit 5 password 'new' in role coffee_user`,
    );
    const client = await world.database.connect(world.database.urlFor(login, 'new'));
    expect((await client.query('select * from coffee.whoami()')).rowCount).toBe(0);
    expect((await client.query('select * from coffee.projects')).rowCount).toBe(0);
    expect(await codeOf(client, 'select coffee.expire_notifications()')).toBe(NOT_ALLOWED);
    await client.end();
  });

  it('never gives an id a second time, also to a person of the same name', async () => {
    const anna = await world.as('anna');
    await anna.query(`select coffee.add_login('person', 'mona', '{team}')`);
    const rows = await world.root(
      `select id, login is null as gone from priv.principals where name = 'mona'`,
    );
    expect(rows.map(({ gone }) => gone as boolean).sort()).toEqual([false, true]);
  });
});

describe('me() NULL fails closed', () => {
  const VERBS = [
    `select coffee.add_project(null, 'x', '/x')`,
    `select coffee.add_item(gen_random_uuid(), 'x')`,
    `select coffee.ask(gen_random_uuid(), 'x')`,
    `select coffee.answer(1, 'x')`,
    `select coffee.withdraw(1)`,
    `select coffee.pause_daemons(null, true)`,
    `select coffee.reset_daemon()`,
    `select coffee.rotate_password('person', 'anna')`,
    `select coffee.add_login('person', 'x')`,
    `select coffee.list_logins()`,
    `select coffee.add_team('x')`,
    `select coffee.expire_notifications()`,
  ];

  it('shows a login that is nobody no row of any table', async () => {
    const nobody = await world.as('nobody');
    const tables = await world.root<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       where c.relkind = 'r' and has_table_privilege($1, c.oid, 'select')
         and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
         and has_schema_privilege($1, c.relnamespace, 'usage')`,
      [world.login('nobody').login],
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables) {
      expect([name, (await nobody.query(`select from ${name}`)).rowCount]).toEqual([name, 0]);
    }
  });

  it.each(VERBS)('refuses it: %s', async (sql) => {
    expect(await codeOf(await world.as('nobody'), sql)).toBe(NOT_ALLOWED);
  });

  it('puts no bot, dashboard or collector into a team', async () => {
    const anna = await world.as('anna');
    for (const kind of ['slackbot', 'dashboard', 'collector', 'auditor']) {
      const code = await codeOf(
        anna,
        `select coffee.set_membership('team', $1::text::coffee.principal_kind, $1::text, 'member')`,
        [kind],
      );
      expect([kind, code]).toEqual([kind, INVALID]);
    }
  });
});
