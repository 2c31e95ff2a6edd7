import type { Client } from 'pg';
import { until } from '../../tests/support/until';
import { codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { inSession, signIn } from './sign-in';
import { createWorld, type World } from './world';

let world: World;
let anna: Client;
let dashboard: Client;
beforeAll(async () => {
  world = await createWorld();
  [anna, dashboard] = [await world.as('anna'), await world.as('dashboard')];
});
afterAll(() => world.close());

const ENTER = 'select coffee.enter_dashboard($1)';
const OPEN = 'select coffee.open_dashboard($1, null)';
const END = 'select coffee.end_dashboard_session($1)';
const idOf = (token: string): Promise<string> =>
  inSession(dashboard, token, () =>
    valueOf<string>(dashboard, 'select coffee.this_dashboard_session()'),
  );

describe('a new password', () => {
  it('ends also the session that is being opened while it is made', async () => {
    const ben = await world.as('ben');
    const code = await valueOf<string>(ben, 'select code from coffee.new_dashboard_link()');
    await dashboard.query('begin');
    const token = await valueOf<string>(dashboard, OPEN.replace('select', 'select token from'), [
      code,
    ]);
    const rotated = ben.query(`select coffee.rotate_password('person', 'ben')`);
    const waiting = `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    await until(
      'the new password waits',
      async () => (await world.root<{ n: number }>(waiting))[0]!.n > 0,
    );
    await dashboard.query('commit');
    await rotated;
    expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
  });
});

describe('one session', () => {
  it('is ended by its person, from a terminal or from another session, and by nobody else', async () => {
    const [one, two, three] = [
      await signIn(world, 'ben'),
      await signIn(world, 'ben'),
      await signIn(world, 'ben'),
    ];
    const id = await idOf(one);
    for (const who of ['anna', 'mona', 'carla'] as const) {
      expect(await codeOf(await world.as(who), END, [id])).toBe(NOT_FOUND);
    }
    for (const who of [
      'agent',
      'daemon',
      'slackbot',
      'dashboard',
      'collector',
      'nobody',
    ] as const) {
      expect(await codeOf(await world.as(who), END, [id])).toBe(NOT_ALLOWED);
    }
    const carla = await signIn(world, 'carla');
    await expect(inSession(dashboard, carla, () => dashboard.query(END, [id]))).rejects.toThrow();
    expect(await codeOf(dashboard, ENTER, [one])).toBe('ok');

    expect(await codeOf(await world.as('ben'), END, [id])).toBe('ok');
    expect(await codeOf(dashboard, ENTER, [one])).toBe(NOT_ALLOWED);
    const other = await idOf(two);
    await inSession(dashboard, three, () => dashboard.query(END, [other]));
    expect(await codeOf(dashboard, ENTER, [two])).toBe(NOT_ALLOWED);
    expect(await codeOf(dashboard, ENTER, [three])).toBe('ok');
  });

  it('is named to nobody but the dashboard that is in it', async () => {
    const token = await signIn(world, 'ben');
    const ben = await world.as('ben');
    await ben.query('begin');
    await ben.query(
      `select set_config('coffee.session',
         $1 || '.' || (extract(epoch from transaction_timestamp()) * 1000000)::bigint, true)`,
      [token],
    );
    expect(await valueOf(ben, 'select coffee.this_dashboard_session()')).toBe(null);
    await ben.query('rollback');
    expect(await valueOf(dashboard, 'select coffee.this_dashboard_session()')).toBe(null);
  });
});

describe('all sign-ins of a person', () => {
  it('end with a new password, by whoever gives it, in the same transaction', async () => {
    const by = { ben: await world.as('ben'), anna };
    for (const client of Object.values(by)) {
      const token = await signIn(world, 'ben');
      const code = await valueOf(by.ben, 'select code from coffee.new_dashboard_link()');
      const carla = await signIn(world, 'carla');
      const rotate = `select coffee.rotate_password('person', 'ben')`;
      await client.query('begin');
      await client.query(rotate);
      expect(await codeOf(dashboard, ENTER, [token])).toBe('ok');
      await client.query('rollback');
      expect(await codeOf(dashboard, ENTER, [token])).toBe('ok');
      await client.query(rotate);
      expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
      expect(await codeOf(dashboard, OPEN, [code])).toBe(NOT_FOUND);
      expect(await codeOf(dashboard, ENTER, [carla])).toBe('ok');
    }
  });

  it('end with the person, in the same transaction', async () => {
    const token = await signIn(world, 'carla');
    const person = world.ids.blue.person;
    const live = async (): Promise<number> =>
      (
        await world.root(
          'select from coffee.dashboard_sessions where person_id = $1 and ended_at is null',
          [person],
        )
      ).length;
    expect(await live()).toBeGreaterThan(0);
    await anna.query('begin');
    await anna.query(`select coffee.remove_login('person', 'carla')`);
    expect(await live()).toBeGreaterThan(0);
    await anna.query('commit');
    expect(await live()).toBe(0);
    expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
  });
});
