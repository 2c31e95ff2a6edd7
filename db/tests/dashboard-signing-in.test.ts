import type { Client } from 'pg';
import { attempt, codeOf, CONFLICT, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { inSession, signIn } from './sign-in';
import { createWorld, type World } from './world';

let world: World;
let dashboard: Client;
beforeAll(async () => {
  world = await createWorld();
  dashboard = await world.as('dashboard');
});
afterAll(() => world.close());

const OPEN = 'select token from coffee.open_dashboard($1, $2)';
const link = async (who: 'ben' | 'anna'): Promise<string> =>
  valueOf(await world.as(who), 'select code from coffee.new_dashboard_link()');

describe('a link', () => {
  it('signs its person in, once', async () => {
    const code = await link('ben');
    const token = await valueOf<string>(dashboard, OPEN, [code, 'Firefox']);
    const me = await inSession(dashboard, token, () =>
      dashboard.query('select kind, name, admin, teams from coffee.whoami()'),
    );
    expect(me.rows).toEqual([{ kind: 'person', name: 'ben', admin: false, teams: ['team'] }]);
    expect(await codeOf(dashboard, OPEN, [code, 'Firefox'])).toBe(NOT_FOUND);
  });

  it('is taken by one of two that follow it at the same moment', async () => {
    const code = await link('ben');
    const two = await Promise.all([world.another('dashboard'), world.another('dashboard')]);
    const codes = await Promise.all(two.map((client) => codeOf(client, OPEN, [code, ''])));
    expect(codes.sort()).toEqual([NOT_FOUND, 'ok']);
  });

  it('is void when its person makes another, when its time has passed, and when it is none', async () => {
    const first = await link('ben');
    const second = await link('ben');
    expect(await codeOf(dashboard, OPEN, [first, ''])).toBe(NOT_FOUND);
    await world.root(
      `update priv.dashboard_links set expires_at = clock_timestamp() where person_id = $1`,
      [world.ids.red.person],
    );
    for (const code of [second, '', null, 'x'.repeat(64)]) {
      expect(await codeOf(dashboard, OPEN, [code, ''])).toBe(NOT_FOUND);
    }
  });

  it('is stored hashed, and so is the session', async () => {
    const code = await link('ben');
    const token = await valueOf<string>(dashboard, OPEN, [code, '']);
    const rows = await world.root(
      `select from priv.dashboard_links l, coffee.dashboard_sessions s, audit.payloads p
       where concat_ws(' ', l::text, s::text, p::text) ~ any ($1)`,
      [[code, token]],
    );
    expect(rows).toEqual([]);
    expect(code).toMatch(/^[0-9a-f]{32}$/);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['agent', 'daemon', 'slackbot', 'dashboard', 'collector', 'auditor', 'nobody'] as const)(
    'is not made by %s',
    async (who) => {
      const client = await world.as(who);
      expect(await codeOf(client, 'select coffee.new_dashboard_link()')).toBe(NOT_ALLOWED);
    },
  );

  it('is not followed by a person, nor by anybody but the dashboard', async () => {
    const code = await link('anna');
    for (const who of ['anna', 'ben', 'daemon', 'slackbot', 'collector', 'nobody'] as const) {
      expect(await codeOf(await world.as(who), OPEN, [code, ''])).toBe(NOT_ALLOWED);
    }
    expect(await codeOf(dashboard, OPEN, [code, ''])).toBe('ok');
  });

  it('leaves in the audit trail who signed in, by which login', async () => {
    await signIn(world, 'ben');
    const entries = await (
      await world.as('ben')
    ).query(`select e.action, p.payload::jsonb ->> 'login' as login from audit.entries e
       join audit.payloads p on p.entry_id = e.id order by e.id desc limit 2`);
    expect(entries.rows).toEqual([
      { action: 'dashboard.open', login: world.login('dashboard').login },
      { action: 'dashboard.link', login: world.login('ben').login },
    ]);
  });
});

describe('what is done in a session', () => {
  it('is the person’s, in history and answers', async () => {
    const token = await signIn(world, 'ben');
    const { question, planned } = world.ids.red;
    await inSession(dashboard, token, async () => {
      await dashboard.query(`select coffee.answer($1, 'Yes', 'dashboard')`, [question]);
      await dashboard.query(`select coffee.block_item($1, 'not now')`, [planned]);
    });
    const [answer] = await world.root(
      `select answered_by, answered_by_name, answered_via from coffee.notifications where id = $1`,
      [question],
    );
    expect(answer).toEqual({
      answered_by: world.ids.red.person,
      answered_by_name: 'ben',
      answered_via: 'dashboard',
    });
    const [history] = await world.root(
      'select changed_by, changed_by_name, change from coffee.roadmap_history where item_id = $1 order by id desc limit 1',
      [planned],
    );
    expect(history).toEqual({
      changed_by: world.ids.red.person,
      changed_by_name: 'ben',
      change: 'block',
    });
  });

  it('ends where that person’s rights end', async () => {
    const token = await signIn(world, 'ben');
    const { question, item } = world.ids.blue;
    const refused: [string, unknown[], string][] = [
      [`select coffee.answer($1, 'Yes', 'dashboard')`, [question], NOT_FOUND],
      [`select coffee.block_item($1, 'mine')`, [item], NOT_FOUND],
      [`select coffee.add_login('person', 'eve')`, [], NOT_ALLOWED],
      [`select coffee.accept_item($1)`, [world.ids.red.item], CONFLICT],
    ];
    for (const [sql, params, code] of refused) {
      const work = inSession(dashboard, token, () => dashboard.query(sql, params));
      await expect(work).rejects.toMatchObject({ code });
    }
  });

  it.each([
    'select coffee.new_dashboard_link()',
    `select coffee.rotate_password('person', 'anna')`,
    'select coffee.new_slack_code()',
    'select coffee.create_upload_secret()',
    'select coffee.create_machine_token(gen_random_uuid())',
    `select coffee.add_project_key(gen_random_uuid(), 'mine')`,
    `select coffee.set_membership('team', 'person', 'ben', 'manager')`,
    `select coffee.add_team('eves')`,
  ])('is nothing that outlives it: %s', async (sql) => {
    const token = await signIn(world, 'anna'); // who may, with her own login
    const work = inSession(dashboard, token, () => dashboard.query(sql));
    await expect(work).rejects.toMatchObject({ code: NOT_ALLOWED });
  });
});

describe('a session', () => {
  it('ends when the person leaves, and the others stay', async () => {
    const [here, there] = [await signIn(world, 'ben'), await signIn(world, 'ben')];
    await inSession(dashboard, here, async () => {
      expect(await valueOf(dashboard, 'select coffee.end_dashboard_sessions(true)')).toBe(1);
      expect(await valueOf(dashboard, 'select w.id from coffee.whoami() w')).not.toBe(
        world.ids.red.person,
      );
    });
    await inSession(dashboard, there, () => dashboard.query('select'));
    expect((await attempt(dashboard, 'select coffee.enter_dashboard($1)', [here])).message).toBe(
      'this sign-in is not valid, or not any more',
    );
  });

  it('ends with all others when the person says so from a terminal', async () => {
    const token = await signIn(world, 'ben');
    const ben = await world.as('ben');
    const ended = await valueOf<number>(ben, 'select coffee.end_dashboard_sessions()');
    expect(ended).toBeGreaterThan(1);
    expect(await codeOf(dashboard, 'select coffee.enter_dashboard($1)', [token])).toBe(NOT_ALLOWED);
    const carla = await signIn(world, 'carla');
    expect(await codeOf(dashboard, 'select coffee.enter_dashboard($1)', [carla])).toBe('ok');
  });

  it('is one of twenty at most', async () => {
    const tokens: string[] = [];
    for (let n = 0; n < 22; n += 1) tokens.push(await signIn(world, 'anna'));
    const live: string[] = [];
    for (const token of tokens)
      live.push(await codeOf(dashboard, 'select coffee.enter_dashboard($1)', [token]));
    expect(live.filter((code) => code === 'ok')).toHaveLength(20);
    expect(live.slice(0, 2)).toEqual([NOT_ALLOWED, NOT_ALLOWED]);
  });
});
