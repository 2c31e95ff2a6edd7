import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { attempt, codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { addItem, addProject, claim, DONE, finish, type Claim } from './steps';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let daemon: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  daemon = await world.as('daemon');
});
afterAll(() => world.close());

// Each test sees its own projects alone.
afterEach(() =>
  world.root('update coffee.projects set archived_at = now() where archived_at is null'),
);

/** Undefined, or the item of the claim. */
const taken = async (options: Parameters<typeof claim>[1] = {}): Promise<number | undefined> =>
  (await claim(daemon, options))?.item_id;

describe('what is taken', () => {
  it('is the first planned item in the order of work, then the next', async () => {
    const project = await addProject(ben);
    const [a, b, c] = [
      await addItem(ben, project),
      await addItem(ben, project),
      await addItem(ben, project),
    ];
    await ben.query('select coffee.move_item($1, $2)', [c, a]);
    expect([await taken(), await taken(), await taken(), await taken()]).toEqual([
      c,
      a,
      b,
      undefined,
    ]);
  });

  it('is of a project whose agent this daemon can run', async () => {
    const item = await addItem(ben, await addProject(ben));
    expect(await taken({ agents: ['claude'] })).toBeUndefined();
    expect(await taken({ agents: [] })).toBeUndefined();
    expect(await taken({ agents: ['claude', 'command'] })).toBe(item);
  });

  it('is of the projects that the daemon names, and of its own teams in any case', async () => {
    const carla = await world.as('carla');
    const theirs = await addProject(carla);
    await addItem(carla, theirs);
    const [one, two] = [await addProject(ben), await addProject(ben)];
    const items = [await addItem(ben, one), await addItem(ben, two)];
    expect(await taken({ projects: [] })).toBeUndefined();
    expect(await taken({ projects: [theirs] })).toBeUndefined();
    expect(await taken({ projects: [two] })).toBe(items[1]);
    expect(await taken()).toBe(items[0]);
  });

  it('is nothing of a project that is archived', async () => {
    const project = await addProject(ben);
    await addItem(ben, project);
    await ben.query(`select coffee.set_project($1, '{"archived": true}')`, [project]);
    expect(await taken()).toBeUndefined();
    await ben.query(`select coffee.set_project($1, '{"archived": false}')`, [project]);
    expect(await taken()).toBeDefined();
  });

  it('is nothing while the daemon is paused', async () => {
    await addItem(ben, await addProject(ben));
    await ben.query(`select coffee.pause_daemons('RED daemon', true)`);
    expect(await taken()).toBeUndefined();
    await ben.query(`select coffee.pause_daemons(null, false)`);
    expect(await taken()).toBeDefined();
  });

  it('is nothing of a project whose budget of the day is spent', async () => {
    const project = await addProject(ben, { budget_day_usd: 5 });
    await addItem(ben, project);
    await addItem(ben, project);
    await finish(daemon, (await claim(daemon))!, 'review', null, { ...DONE, cost_usd: 5 });
    expect(await taken()).toBeUndefined();
    await ben.query(`select coffee.set_project($1, '{"budget_day_usd": 6}')`, [project]);
    expect(await taken()).toBeDefined();
  });

  it('is passed over while it waits for its next try, and the one behind it is taken', async () => {
    const project = await addProject(ben, { backoff_s: 3600 });
    const [first, second] = [await addItem(ben, project), await addItem(ben, project)];
    expect(await finish(daemon, (await claim(daemon))!, 'failed')).toBe('planned');
    expect(await taken()).toBe(second);
    await ben.query('select coffee.retry_item($1)', [first]); // a person need not wait
    expect(await taken()).toBe(first);
  });
});

describe('what is left of a budget', () => {
  it('is no limit without one, what is left of the tighter one, and never less than nothing', async () => {
    const left = async (settings: object, cost: number): Promise<string | null> => {
      const project = await addProject(ben, settings);
      const item = await addItem(ben, project);
      const held = (await claim(daemon, { projects: [project] }))!;
      await daemon.query('select daemon.update_attempt($1, $2, $3)', [
        held.item_id,
        held.fence,
        { cost_usd: cost },
      ]);
      return valueOf(daemon, 'select daemon.budget_left($1)::float', [item]);
    };
    expect(await left({}, 1)).toBeNull();
    expect(await left({ budget_item_usd: 3 }, 1)).toBe(2);
    expect(await left({ budget_item_usd: 3, budget_day_usd: 2.5 }, 1)).toBe(1.5);
    expect(await left({ budget_day_usd: 1 }, 4)).toBe(0);
  });
});

describe('what an unfinished attempt waits for', () => {
  it('is the end of the lease, while its holder lives', async () => {
    const instance = randomUUID();
    const session = await world.another('daemon');
    await session.query('select daemon.attach($1)', [instance]);
    const item = await addItem(ben, await addProject(ben));
    const held = (await claim(daemon, { instance }))!;
    expect(await taken({ grace: '0 s' })).toBeUndefined();
    await world.root(
      'update daemon.task_queue set lease_until = clock_timestamp() where item_id = $1',
      [item],
    );
    expect(await claim(daemon)).toEqual({
      ...held,
      fence: expect.any(Number) as number,
      taken_over: true,
    });
    await session.end();
  });

  it('is only the grace, when its holder is gone', async () => {
    const item = await addItem(ben, await addProject(ben));
    await claim(daemon); // attached nowhere
    expect(await taken({ grace: '5 min' })).toBeUndefined();
    const [row] = await world.root<{ ok: boolean }>(
      `select lease_until <= now() + interval '5 min' as ok from daemon.task_queue where item_id = $1`,
      [item],
    );
    expect(row).toEqual({ ok: true });
    expect(await taken({ grace: '0 s' })).toBe(item);
  });

  it('is nothing, when its holder gave it back', async () => {
    const item = await addItem(ben, await addProject(ben));
    const held = (await claim(daemon))!;
    expect(await valueOf(daemon, 'select daemon.release($1, $2)', [held.item_id, held.fence])).toBe(
      true,
    );
    expect(await claim(daemon)).toMatchObject({
      item_id: item,
      attempt_id: held.attempt_id,
      taken_over: true,
    });
    const [row] = await world.root('select takeovers from coffee.attempts where item_id = $1', [
      item,
    ]);
    expect(row).toEqual({ takeovers: 1 });
  });
});

describe('a race', () => {
  it('of many claimers gives each item to one', async () => {
    const project = await addProject(ben);
    const items = [];
    for (let n = 0; n < 30; n += 1) items.push(await addItem(ben, project));
    const daemons = await Promise.all(Array.from({ length: 10 }, () => world.another('daemon')));
    const got: Claim[] = [];
    await Promise.all(
      daemons.map(async (session) => {
        const instance = randomUUID();
        await session.query('select daemon.attach($1)', [instance]);
        // Whoever finds all that it looks at locked gets nothing, and asks again.
        while (got.length < items.length) {
          const next = await claim(session, { instance });
          if (next !== undefined) got.push(next);
        }
      }),
    );
    expect(got.map(({ item_id }) => item_id).sort((a, b) => a - b)).toEqual(items);
    expect(new Set(got.map(({ fence }) => fence)).size).toBe(items.length);
    expect(got.every(({ taken_over }) => !taken_over)).toBe(true);
    await Promise.all(daemons.map((session) => session.end()));
  });

  it('for a lease that has ended has one winner', async () => {
    const item = await addItem(ben, await addProject(ben));
    await claim(daemon);
    const daemons = await Promise.all(Array.from({ length: 8 }, () => world.another('daemon')));
    for (let round = 0; round < 10; round += 1) {
      await world.root(
        'update daemon.task_queue set lease_until = clock_timestamp() where item_id = $1',
        [item],
      );
      const instance = randomUUID();
      const attached = await world.another('daemon');
      await attached.query('select daemon.attach($1)', [instance]);
      const got = await Promise.all(daemons.map((session) => claim(session, { instance })));
      expect(got.filter((next) => next !== undefined)).toHaveLength(1);
      await attached.end();
    }
    await Promise.all(daemons.map((session) => session.end()));
  });
});

describe('what a claim is told', () => {
  it('by a login that is no daemon: no', async () => {
    for (const who of ['anna', 'ben', 'agent', 'slackbot', 'nobody'] as const) {
      const code = await codeOf(await world.as(who), `select daemon.claim($1, '{command}')`, [
        randomUUID(),
      ]);
      expect([who, code]).toEqual([who, NOT_ALLOWED]);
    }
  });

  it('with odd arguments: an error or nothing', async () => {
    await addItem(ben, await addProject(ben));
    for (const args of [
      `null, '{command}'`,
      `gen_random_uuid(), null`,
      `gen_random_uuid(), '{null}'`,
      `gen_random_uuid(), '{command}', '-1 year'`,
      `gen_random_uuid(), '{command}', null, null`,
    ]) {
      const { code } = await attempt(daemon, `select daemon.claim(${args})`);
      expect([args, code]).toEqual([args, expect.stringMatching(/^(ok|22...|23...)$/)]);
    }
  });
});
