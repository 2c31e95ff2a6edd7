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

  it('change nothing that whoever holds it now, or held it, has reported', async () => {
    const ben = await world.as('ben');
    const project = await addProject(ben);
    const item = await addItem(ben, project);
    const held = (await claim(first, { projects: [project], lease: '1 s', grace: '0 s' }))!;
    await first.query(NOW, [held.attempt_id, batch('mine')]);
    await world.root('update daemon.task_queue set lease_until = now() where item_id = $1', [item]);
    await claim(second, { projects: [project] });
    const kinds = ['trace', 'generation', 'span', 'event', 'score'];
    const all = (id: string, name: string): string =>
      JSON.stringify(
        kinds.map((kind) => ({
          ...{ id: `${kind} ${name}`, timestamp: new Date(Date.now() + 60_000).toISOString() },
          type:
            kind === 'trace' || kind === 'score' || kind === 'event'
              ? `${kind}-create`
              : `${kind}-update`,
          body: {
            id,
            name,
            traceId: id,
            value: 1,
            model: 'claude-sonnet-5',
            usageDetails: { input: 1 },
          },
        })),
      );
    const said = async (daemon: Client, sql: string, name: string): Promise<string[]> =>
      (
        await daemon.query<{ status: string }>(sql, [held.attempt_id, all('theirs', name)])
      ).rows.map(({ status }) => status);
    const refused = kinds.map(() => 'refused');
    const accepted = kinds.map(() => 'accepted');
    expect(await said(second, NOW, 'second')).toEqual(accepted);
    expect(await said(first, LEFT, 'first')).toEqual(refused);
    for (const table of ['traces', 'generations', 'spans', 'events', 'scores']) {
      const found = await world.root(`select name from coffee.${table} where id = 'theirs'`);
      expect([table, found]).toEqual([table, [{ name: 'second' }]]);
    }
    expect(await said(second, LEFT, 'again')).toEqual(accepted); // who holds it may take either road
    const [mine] = (
      await first.query<{ status: string }>(LEFT, [
        ...[held.attempt_id, batch('mine').replace('event mine', 'more')],
      ])
    ).rows;
    expect(mine).toEqual({ status: 'accepted' });
  });

  it('are kept for the last hundred that held it, the newest first', async () => {
    const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    let held: string[] = [];
    for (const n of [...Array(120).keys(), 50]) {
      const next = await world.root<{ held: string[] }>(
        'select priv.with_holder($1, $2, $3) as held',
        [held, id(n), id(999)],
      );
      held = next[0]!.held;
    }
    const last = Array.from({ length: 120 }, (_, n) => 119 - n).filter((n) => n !== 50);
    expect(held).toEqual([50, ...last].slice(0, 100).map(id));
    expect(
      await world.root('select priv.with_holder($1, $2, $3) as held', [held, id(7), id(119)]),
    ).toEqual([{ held: [7, 50, ...last.slice(1)].slice(0, 100).map(id) }]);
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
