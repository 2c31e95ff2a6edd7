import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from '../refusal';
import { inSession, signIn } from '../sign-in';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const ENTER = 'select coffee.enter_dashboard($1)';
const projects = (client: Client): Promise<number> =>
  valueOf(client, 'select count(*)::int from coffee.projects');
const name = (client: Client): Promise<string> =>
  valueOf(client, 'select name from coffee.whoami()');

/** Nobody: no row, no function, and no name but the program's own. */
async function expectNobody(client: Client): Promise<void> {
  expect(await projects(client)).toBe(0);
  expect(await name(client)).toBe('dashboard');
  expect(await codeOf(client, `select coffee.answer($1, 'Yes')`, [world.ids.red.question])).toBe(
    NOT_ALLOWED,
  );
  expect((await world.root('select from coffee.projects')).length).toBe(2);
}

describe('stale, stolen and left-over session of the dashboard', () => {
  it('without a token it is nobody, in every function that a person may call', async () => {
    const dashboard = await world.another('dashboard');
    await expectNobody(dashboard);
    const callable = await world.root<{ call: string }>(
      `select format('select %I.%I(%s)', n.nspname, p.proname, (
         select string_agg('null::' || format_type(t, null), ', ' order by nth)
         from unnest(p.proargtypes) with ordinality a (t, nth))) as call
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('coffee', 'audit', 'analytics') and p.provolatile = 'v'
         and has_function_privilege('coffee_user', p.oid, 'execute')`,
    );
    expect(callable.length).toBeGreaterThan(15);
    for (const { call } of callable) {
      const code = await codeOf(dashboard, call); // some look for the row before they ask who asks
      expect([call, NOT_FOUND, NOT_ALLOWED]).toEqual(expect.arrayContaining([call, code]));
    }
  });

  it('reads only totals, which hold no person, machine or text', async () => {
    const dashboard = await world.another('dashboard');
    const readable = await world.root<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
         and c.relkind in ('r', 'p', 'v', 'm')`,
    );
    const shown: string[] = [];
    for (const { name: relation } of readable) {
      const sql = `select from ${relation} limit 1`;
      if ((await codeOf(dashboard, sql)) !== 'ok') continue;
      if ((await dashboard.query(sql)).rowCount! > 0) shown.push(relation);
    }
    expect(shown.filter((relation) => !relation.startsWith('analytics.'))).toEqual([]);
    expect(shown).toContain('analytics.item_totals');
  });

  it.each([
    ['empty', ''],
    ['null', null],
    ['wrong', 'a'.repeat(64)],
    ['with the suffix of another moment', `${'a'.repeat(64)}.1`],
  ])('a token that is %s is refused', async (_what, token) => {
    const dashboard = await world.another('dashboard');
    expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
    await expectNobody(dashboard);
  });

  it('a token whose time has passed is nobody’s, in the middle of a transaction too', async () => {
    const dashboard = await world.another('dashboard');
    const token = await signIn(world, 'ben');
    await dashboard.query('begin');
    await dashboard.query(ENTER, [token]);
    expect(await name(dashboard)).toBe('ben');
    await world.root(
      `update coffee.dashboard_sessions set expires_at = clock_timestamp() + interval '100 ms'
       where token_hash = sha256(convert_to($1, 'UTF8'))`,
      [token],
    );
    let seen = await name(dashboard);
    for (let n = 0; n < 10_000 && seen === 'ben'; n += 1) seen = await name(dashboard);
    await expectNobody(dashboard);
    await dashboard.query('rollback');
    expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
  });

  it('a token that was ended is nobody’s at once', async () => {
    const dashboard = await world.another('dashboard');
    const token = await signIn(world, 'ben');
    await dashboard.query('begin');
    await dashboard.query(ENTER, [token]);
    expect(await projects(dashboard)).toBe(1);
    await (await world.as('ben')).query('select coffee.end_dashboard_sessions()');
    expect(await projects(dashboard)).toBe(0);
    await dashboard.query('rollback');
    await expectNobody(dashboard);
  });

  it('a stolen token makes no other login anybody else', async () => {
    const token = await signIn(world, 'anna');
    for (const who of ['ben', 'carla', 'daemon', 'slackbot', 'agent', 'nobody'] as const) {
      const client = await world.another(who);
      const before = await client.query('select * from coffee.whoami()');
      expect(await codeOf(client, ENTER, [token])).toBe(NOT_ALLOWED);
      await client.query('begin');
      await client.query(
        `select set_config('coffee.session',
           $1 || '.' || (extract(epoch from transaction_timestamp()) * 1000000)::bigint, true)`,
        [token],
      );
      expect((await client.query('select * from coffee.whoami()')).rows).toEqual(before.rows);
      await client.query('rollback');
      await client.end();
    }
  });

  it('what stays on a pooled connection is nobody’s in the next transaction', async () => {
    const dashboard = await world.another('dashboard');
    const token = await signIn(world, 'ben');
    await inSession(dashboard, token, async () => expect(await name(dashboard)).toBe('ben'));
    await expectNobody(dashboard);

    await dashboard.query(ENTER, [token]); // a transaction of its own
    await expectNobody(dashboard);

    await inSession(dashboard, token, () =>
      dashboard.query(
        `select set_config('coffee.session', current_setting('coffee.session'), false)`,
      ),
    );
    expect(await valueOf(dashboard, `select current_setting('coffee.session')`)).toContain(token);
    await expectNobody(dashboard);

    for (const sql of [
      `set coffee.session = '${token}'`,
      `set session coffee.session = '${token}.0'`,
    ]) {
      await dashboard.query(sql);
      await expectNobody(dashboard);
    }
  });

  it('the next person on the same connection is only themselves', async () => {
    const dashboard = await world.another('dashboard');
    const [ben, carla] = [await signIn(world, 'ben'), await signIn(world, 'carla')];
    const seen = async (token: string): Promise<string[]> =>
      inSession(dashboard, token, async () =>
        (await dashboard.query<{ name: string }>('select name from coffee.projects')).rows.map(
          (row) => row.name,
        ),
      );
    for (let round = 0; round < 3; round += 1) {
      expect(await seen(ben)).toEqual(['red']);
      expect(await seen(carla)).toEqual(['blue']);
    }
  });

  it('SET ROLE, a name or a default of the login brings nobody in', async () => {
    const dashboard = await world.another('dashboard');
    const token = await signIn(world, 'ben');
    for (const role of [world.login('ben').login, 'coffee_api', 'coffee_owner']) {
      expect(await codeOf(dashboard, `set role ${role}`)).toBe(NOT_ALLOWED);
    }
    expect(
      await codeOf(
        dashboard,
        `alter role ${world.login('dashboard').login} set coffee.session = '${token}'`,
      ),
    ).toBe(NOT_ALLOWED);
    await dashboard.query(`set coffee.person = '${world.ids.red.person}'`);
    await expectNobody(dashboard);
  });

  it('no login reads a hash, and a hash is no token', async () => {
    const token = await signIn(world, 'ben');
    const [row] = await world.root<{ hash: string }>(
      `select encode(sha256(convert_to($1, 'UTF8')), 'hex') as hash`,
      [token],
    );
    for (const who of ['anna', 'ben', 'dashboard', 'auditor', 'nobody'] as const) {
      const client = await world.as(who);
      expect(await codeOf(client, 'select token_hash from coffee.dashboard_sessions')).toBe(
        NOT_ALLOWED,
      );
    }
    expect(await codeOf(await world.as('dashboard'), ENTER, [row!.hash])).toBe(NOT_ALLOWED);
  });

  it('ends with the person, and with the dashboard', async () => {
    const token = await signIn(world, 'mona');
    const dashboard = await world.another('dashboard');
    await (await world.as('anna')).query(`select coffee.remove_login('person', 'mona')`);
    expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
    const ben = await signIn(world, 'ben');
    await dashboard.query('begin');
    await dashboard.query(ENTER, [ben]);
    expect(await projects(dashboard)).toBe(1);
    await world.root(
      `update priv.principals set login = null, removed_at = now() where kind = 'dashboard'`,
    );
    expect(await projects(dashboard)).toBe(0);
    await dashboard.query('rollback');
  });

  it('a server that logs statements leaves tokens out', async () => {
    const rows = await world.root<{ setting: string }>(
      `select unnest(setconfig) as setting from pg_db_role_setting s
       join pg_database d on d.oid = s.setdatabase where d.datname = current_database()`,
    );
    expect(rows.map(({ setting }) => setting)).toEqual(
      expect.arrayContaining(['log_parameter_max_length=0', 'log_parameter_max_length_on_error=0']),
    );
  });
});
