import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from '../refusal';
import { addItem, addProject, claim } from '../steps';
import { createWorld, type World } from '../world';

let world: World;
let first: Client;
let second: Client;
beforeAll(async () => {
  world = await createWorld();
  first = await world.as('daemon');
  const anna = await world.as('anna');
  const { rows } = await anna.query<{ login: string; password: string }>(
    `select * from coffee.add_login('daemon', 'second', '{team}')`,
  );
  second = await world.database.connect(world.database.urlFor(rows[0]!.login, rows[0]!.password));
});
afterAll(() => world.close());

const LEFT = 'select status from coffee.ingest_left_traces($1, $2)';
const NOW = 'select status from coffee.ingest_traces($1, $2)';
const batch = (id: string): string =>
  JSON.stringify([
    {
      id: `event ${id}`,
      type: 'generation-create',
      timestamp: new Date().toISOString(),
      body: { id, traceId: 't', model: 'claude-sonnet-5', usageDetails: { input: 100_000 } },
    },
  ]);

describe('calls of an attempt that was taken over', () => {
  it('are money still, as those of the daemon that made them, and only once', async () => {
    const project = await addProject(await world.as('ben'));
    const item = await addItem(await world.as('ben'), project);
    const held = (await claim(first, { projects: [project], lease: '1 s', grace: '0 s' }))!;
    await first.query(NOW, [held.attempt_id, batch('seen')]);
    await world.root('update daemon.task_queue set lease_until = now() where item_id = $1', [item]);
    const taken = (await claim(second, { projects: [project] }))!;
    expect(taken).toMatchObject({ attempt_id: held.attempt_id, taken_over: true });

    expect(await codeOf(first, NOW, [held.attempt_id, batch('left')])).toBe(NOT_FOUND);
    expect(await valueOf(first, LEFT, [held.attempt_id, batch('left')])).toBe('accepted');
    expect(await valueOf(first, LEFT, [held.attempt_id, batch('left')])).toBe('duplicate');
    expect(await valueOf(second, NOW, [held.attempt_id, batch('next')])).toBe('accepted');
    const calls = await world.root(
      `select g.id, d.name from coffee.generations g join priv.principals d on d.id = g.daemon_id
       where g.attempt_id = $1 order by g.id`,
      [held.attempt_id],
    );
    expect(calls).toEqual([
      { id: 'left', name: 'red daemon' },
      { id: 'next', name: 'second' },
      { id: 'seen', name: 'red daemon' },
    ]);
    const spent = `select cost_usd::float from analytics.attempt_spend where attempt_id = $1`;
    expect(await valueOf(await world.as('ben'), spent, [held.attempt_id])).toBeCloseTo(0.6);
  });

  it('are said by nobody who never held it, nor before they do', async () => {
    const { attempt } = world.ids.red;
    expect(await codeOf(second, LEFT, [attempt, batch('x')])).toBe(NOT_FOUND);
    expect(await codeOf(await world.as('blueDaemon'), LEFT, [attempt, batch('x')])).toBe(NOT_FOUND);
    for (const who of ['ben', 'anna', 'agent', 'dashboard', 'collector', 'nobody'] as const) {
      expect(await codeOf(await world.as(who), LEFT, [attempt, batch('x')])).toBe(NOT_ALLOWED);
    }
    const found = await world.root(`select from coffee.generations where id = 'x'`);
    expect(found).toEqual([]);
  });
});
