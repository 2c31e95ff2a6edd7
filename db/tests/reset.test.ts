import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { claim, DONE, finish } from './steps';
import { createWorld, type World } from './world';

let world: World;
let anna: Client;
beforeAll(async () => {
  world = await createWorld();
  anna = await world.as('anna');
});
afterAll(() => world.close());

const SHARED = [
  'people',
  'teams',
  'memberships',
  'projects',
  'roadmap_items',
  'roadmap_history',
  'attempts',
  'attempt_steps',
  'notifications',
  'slack_interactions',
  'daemon_status',
];

async function shared(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of SHARED) {
    const [row] = await world.root<{ hash: string }>(
      `select md5(string_agg(t::text, '|' order by t::text)) as hash from coffee.${table} t`,
    );
    hashes[table] = row!.hash;
  }
  return hashes;
}

it("empties what is the daemons' own and changes no shared row", async () => {
  const before = await shared();
  await anna.query('select coffee.reset_daemon()');
  expect(await shared()).toEqual(before);
  expect(await world.root('select from daemon.task_queue')).toEqual([]);
  expect(await world.root('select from daemon.execution_log')).toEqual([]);
});

it('lets each open attempt go on, and finish once', async () => {
  const { red } = world.ids;
  const daemon = await world.as('daemon');
  expect(
    await valueOf(daemon, `select daemon.heartbeat($1, $2, '1 min')`, [red.item, red.fence]),
  ).toBe(false);
  const next = await claim(daemon, { agents: ['rehearsal'] });
  expect(next).toMatchObject({ item_id: red.item, attempt_id: red.attempt, taken_over: true });
  expect(next!.fence).toBeGreaterThan(red.fence); // the fences are not among what is reset
  expect(await finish(daemon, next!, 'review', null, DONE)).toBe('in_review');
  const reviews = await world.root(
    `select from coffee.roadmap_history where item_id = $1 and change = 'review'`,
    [red.item],
  );
  expect(reviews).toHaveLength(1);
});

it('is for admins, and is written down', async () => {
  for (const who of ['ben', 'mona', 'daemon', 'agent', 'slackbot', 'nobody'] as const) {
    expect(await codeOf(await world.as(who), 'select coffee.reset_daemon()')).toBe(NOT_ALLOWED);
  }
  const [entry] = await world.root<{ n: number }>(
    `select count(*)::int as n from audit.entries where action = 'daemon.reset'`,
  );
  expect(entry!.n).toBe(1);
});
