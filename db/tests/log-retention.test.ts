import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let daemon: Client;
beforeAll(async () => {
  world = await createWorld();
  daemon = await world.as('daemon');
});
afterAll(() => world.close());

/** As if it had been written long ago. */
const fill = (who: string, lines: number, age: string) =>
  world.root(
    `insert into daemon.execution_log (daemon_id, at, level, message)
     select $1, now() - $2::interval - n * interval '1 ms', 'info', 'line ' || n
     from generate_series(1, $3::int) n`,
    [who, age, lines],
  );
const count = (who: string): Promise<number> =>
  world
    .root<{ n: number }>(
      'select count(*)::int as n from daemon.execution_log where daemon_id = $1',
      [who],
    )
    .then(([row]) => row!.n);

beforeEach(() => world.root('delete from daemon.execution_log'));

it('a daemon keeps the newest lines of its log, as many and as long as it says', async () => {
  const { red, blue } = world.ids;
  await fill(red.daemon, 10, '1 hour');
  await fill(red.daemon, 5, '10 days');
  await fill(blue.daemon, 5, '10 days');
  expect(await valueOf(daemon, `select daemon.prune_log('3 days', 1000)`)).toBe(5);
  expect(await valueOf(daemon, `select daemon.prune_log('3 days', 4)`)).toBe(6);
  const { rows } = await daemon.query('select message from daemon.execution_log order by at desc');
  expect(rows.map(({ message }) => message)).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  expect(await count(blue.daemon)).toBe(5);
});

it('one that never prunes it is bounded all the same', async () => {
  const { red } = world.ids;
  await fill(red.daemon, 100, '91 days');
  await fill(red.daemon, 100_400, '1 hour');
  await daemon.query(`select daemon.log('info', 'x') from generate_series(1, 600)`);
  expect(await count(red.daemon)).toBeLessThan(100_600);
  expect(
    await world.root(`select from daemon.execution_log where at < now() - interval '90 days'`),
  ).toEqual([]);
});

it('nobody else has a log to prune', async () => {
  for (const who of ['anna', 'ben', 'agent', 'slackbot', 'nobody'] as const) {
    const code = await codeOf(await world.as(who), `select daemon.prune_log('1 s', 1)`);
    expect([who, code]).toEqual([who, NOT_ALLOWED]);
  }
});
