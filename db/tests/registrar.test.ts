import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { Client } from 'pg';
import { query } from '../../tests/support/database';
import { NO_PERSON, type Login } from './logins';
import { attempt, codeOf, CONFLICT, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { signIn } from './sign-in';
import { createWorld, type World } from './world';

let world: World;
let anna: Client;
beforeAll(async () => {
  world = await createWorld();
  anna = await world.as('anna');
});
afterAll(() => world.close());

async function add(
  kind: string,
  name: string,
  teams: string[] = [],
  admin = false,
): Promise<Login> {
  const { rows } = await anna.query<Login>('select * from coffee.add_login($1, $2, $3, $4)', [
    kind,
    name,
    teams,
    admin,
  ]);
  return rows[0]!;
}
const connect = (login: Login) =>
  world.database.connect(world.database.urlFor(login.login, login.password));
const groups = async (login: string): Promise<string[]> =>
  (
    await world.root<{ name: string }>(
      `select m.roleid::regrole::text as name from pg_auth_members m where m.member = $1::regrole order by 1`,
      [login],
    )
  ).map(({ name }) => name);

describe('add_login', () => {
  it.each([
    ['person', ['coffee_user']],
    ['daemon', ['coffee_daemon']],
    ['slackbot', ['coffee_slackbot']],
    ['dashboard', ['coffee_admin', 'coffee_dashboard', 'coffee_manager', 'coffee_user']],
    ['collector', ['coffee_collector']],
    ['auditor', ['coffee_auditor']],
  ])('makes a %s that can log in, with a password of its own', async (kind, expected) => {
    const login = await add(kind, `new ${kind}`);
    expect(login.password).toMatch(/^[0-9a-f]{64}$/);
    expect(await groups(login.login)).toEqual(expected);
    const client = await connect(login);
    expect(await valueOf(client, 'select name from coffee.whoami()')).toBe(`new ${kind}`);
    await client.end();
  });

  it('makes an admin, who is a person', async () => {
    const login = await add('person', 'second admin', ['team'], true);
    expect(await groups(login.login)).toEqual(['coffee_admin', 'coffee_user']);
    expect(await codeOf(anna, `select coffee.add_login('daemon', 'x', '{}', true)`)).toBe(INVALID);
  });

  it('refuses a name that is taken, in any case, and takes it for another kind', async () => {
    expect(await codeOf(anna, `select coffee.add_login('person', 'BEN')`)).toBe(CONFLICT);
    expect(await codeOf(anna, `select coffee.add_login('collector', 'ben')`)).toBe('ok');
  });

  it.each(['', '   ', 'x'.repeat(101), null])('refuses the name %j', async (name) => {
    expect(await codeOf(anna, `select coffee.add_login('person', $1)`, [name])).toBe(INVALID);
  });

  it('makes nobody when a team does not exist', async () => {
    expect(await codeOf(anna, `select coffee.add_login('person', 'late', '{team, nowhere}')`)).toBe(
      NOT_FOUND,
    );
    expect(await world.root(`select from priv.principals where name = 'late'`)).toEqual([]);
  });

  it("makes no agent: that is its person's to do", async () => {
    expect(await codeOf(anna, `select coffee.add_login('agent', 'x')`)).toBe(INVALID);
  });
});

describe("the registrar's functions", () => {
  const CALLS = [
    `select coffee.add_login('person', 'mallory', '{}', true)`,
    `select coffee.remove_login('person', 'carla')`,
    `select coffee.rotate_password('person', 'carla')`,
    `select coffee.add_team('x')`,
    `select coffee.set_membership('blue', 'person', 'ben', 'manager')`,
    'select * from coffee.list_logins()',
    `select priv.ensure_login('person', 'mallory', 'x')`,
    `select priv.grant_group('coffee_admin', session_user)`,
    `select priv.create_login('person', 'm', null, 'm', 'x')`,
    `select priv.create_role('person', 'm', 'x')`,
    `select priv.drop_login('postgres')`,
    'select priv.must_admin()',
  ];

  it.each(CALLS)('are for admins: %s', async (sql) => {
    for (const who of ['ben', 'mona', 'carla', ...NO_PERSON] as const) {
      if (who === 'carla' && sql.includes('rotate_password')) continue; // her own
      expect([who, await codeOf(await world.as(who), sql)]).toEqual([who, NOT_ALLOWED]);
    }
  });

  it.each(CALLS.filter((sql) => sql.includes('priv.')))(
    'an admin does not reach behind them: %s',
    async (sql) => {
      expect(await codeOf(anna, sql)).toBe(NOT_ALLOWED);
    },
  );

  it.each([
    'postgres',
    'coffee_owner',
    'coffee_api',
    'coffee_registrar',
    'coffee_user',
    'pg_read_all_data',
  ])('refuse roles that are not ours: %s', async (role) => {
    for (const call of ['remove_login', 'rotate_password']) {
      expect(await codeOf(anna, `select coffee.${call}('person', $1)`, [role])).toBe(NOT_FOUND);
    }
    expect(
      await codeOf(anna, `select coffee.set_membership('team', 'person', $1, 'member')`, [role]),
    ).toBe(NOT_FOUND);
    for (const sql of [
      `alter role ${role} password 'x'`,
      `drop role ${role}`,
      `grant ${role} to ${world.login('anna').login}`,
    ]) {
      expect(await codeOf(anna, sql)).toMatch(/^(42501|42939)$/); // the second: a reserved name
    }
  });

  it('quote what they are given', async () => {
    const name = `x'; drop role coffee_user; --`;
    const login = await add('person', name);
    expect(await valueOf(await connect(login), 'select name from coffee.whoami()')).toBe(name);
    expect(await codeOf(anna, `select coffee.add_team('"; drop schema coffee cascade; --')`)).toBe(
      'ok',
    );
  });
});

describe('memberships', () => {
  it('give and take the scope, and the verbs of a manager', async () => {
    const login = await add('person', 'mover');
    const client = await connect(login);
    const set = (team: string, role: string | null) =>
      anna.query(`select coffee.set_membership($1, 'person', 'mover', $2)`, [team, role]);
    const teams = () => valueOf<string[]>(client, 'select teams from coffee.whoami()');
    expect(await teams()).toEqual([]);
    await set('team', 'member');
    await set('blue', 'manager');
    expect(await teams()).toEqual(['blue', 'team']);
    expect(await groups(login.login)).toEqual(['coffee_manager', 'coffee_user']);
    await set('blue', 'member');
    expect(await groups(login.login)).toEqual(['coffee_user']);
    await set('team', null);
    await set('blue', null);
    expect(await teams()).toEqual([]);
    expect((await client.query('select from coffee.projects')).rowCount).toBe(0);
    await client.end();
  });

  it('of a team are for people and daemons, and only people manage', async () => {
    const sql = `select coffee.set_membership('team', 'daemon', 'red daemon', 'manager')`;
    expect(await codeOf(anna, sql)).toBe(INVALID);
    expect(await codeOf(anna, `select coffee.add_login('dashboard', 'x', '{team}')`)).toBe(INVALID);
    expect(await codeOf(anna, `select coffee.add_team('TEAM')`)).toBe(CONFLICT);
  });
});

describe('rotate_password', () => {
  it("is everybody's for themselves, and an admin's for all", async () => {
    const ben = await world.another('ben');
    const own = await ben.query<Login>(`select * from coffee.rotate_password('person', 'Ben')`);
    expect(own.rows[0]!.login).toBe(world.login('ben').login);
    const again = await connect(own.rows[0]!);
    await Promise.all([ben.end(), again.end()]);
    expect(await codeOf(anna, `select coffee.rotate_password('daemon', 'red daemon')`)).toBe('ok');
  });

  it('makes a role that is missing anew, with what the memberships say by then', async () => {
    const { login } = await add('person', 'dropped', ['team']);
    await query(process.env.COFFEE_TEST_CLUSTER_URL!, `drop role ${login}`);
    await anna.query(`select coffee.set_membership('team', 'person', 'dropped', 'manager')`);
    const { rows } = await anna.query<Login>(
      `select * from coffee.rotate_password('person', 'dropped')`,
    );
    expect(rows[0]!.login).toBe(login);
    expect(await groups(login)).toEqual(['coffee_manager', 'coffee_user']);
    const client = await connect(rows[0]!);
    expect(await valueOf(client, 'select manages from coffee.whoami()')).toEqual(['team']);
    await client.end();
  });

  it('writes no password down', async () => {
    const { password } = await add('person', 'secretive');
    const rows = await world.root(
      `select 1 from audit.payloads where payload like '%' || $1 || '%'`,
      [password],
    );
    expect(rows).toEqual([]);
  });
});

describe('ensure_login', () => {
  it('finds who is there, gives a new password, and makes nobody else an admin', async () => {
    const token = await signIn(world, 'anna');
    const login = await ensureLogin(world.database.superuserUrl, {
      kind: 'person',
      name: 'Anna',
      password: 'two',
    });
    const enter = 'select coffee.enter_dashboard($1)';
    expect(await codeOf(await world.as('dashboard'), enter, [token])).toBe(NOT_ALLOWED);
    expect(login).toBe(world.login('anna').login);
    const other = await ensureLogin(world.database.superuserUrl, {
      kind: 'person',
      name: 'late',
      password: 'x',
    });
    expect(await groups(other)).toEqual(['coffee_user']);
    expect(await groups(login)).toEqual(['coffee_admin', 'coffee_manager', 'coffee_user']);
  });

  it('makes the role anew where only the rows were restored', async () => {
    const made = await ensureLogin(world.database.superuserUrl, {
      kind: 'daemon',
      name: 'moved',
      password: 'one',
    });
    await query(process.env.COFFEE_TEST_CLUSTER_URL!, `drop role ${made}`);
    const again = await ensureLogin(world.database.superuserUrl, {
      kind: 'daemon',
      name: 'moved',
      password: 'two',
    });
    expect(again).toBe(made);
    const client = new Client({ connectionString: world.database.urlFor(made, 'two') });
    await client.connect();
    expect(await valueOf(client, 'select kind from coffee.whoami()')).toBe('daemon');
    await client.end();
  });

  it('is written down, as everything that an admin does', async () => {
    const rows = await world.root<{ action: string }>(
      'select distinct action from audit.entries order by 1',
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['login.add', 'login.rotate', 'team.add', 'team.membership']),
    );
    const [first] = await world.root<{ name: string }>(
      `select payload::jsonb #>> '{data,name}' as name from audit.payloads order by entry_id limit 1`,
    );
    expect(first).toEqual({ name: 'anna' });
    expect(await attempt(anna, 'select 1')).toMatchObject({ code: 'ok' });
  });
});
