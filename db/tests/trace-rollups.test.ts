import fc from 'fast-check';
import type { Client } from 'pg';
import { newKey } from './project-key';
import { codeOf, INVALID, valueOf } from './refusal';
import { wrongTraceSums } from './trace-sums';
import { createWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const anna = await world.as('anna');
  for (const zone of ['Asia/Kathmandu', 'America/St_Johns', 'Pacific/Chatham']) {
    await anna.query('select coffee.add_reporting_zone($1)', [zone]);
  }
});
afterAll(() => world.close());

interface Hands {
  daemon: Client;
  other: Client;
  blueDaemon: Client;
  collector: Client;
  key: string[];
}

async function hands(): Promise<Hands> {
  const ben = await world.as('ben');
  return {
    daemon: await world.as('daemon'),
    other: await world.another('daemon'),
    blueDaemon: await world.as('blueDaemon'),
    collector: await world.as('collector'),
    key: await newKey(ben, world.ids.red.project),
  };
}

/** Around local midnights and quarters of an hour. */
const moment = fc
  .tuple(
    fc.constantFrom(0, 1, 2),
    fc.constantFrom(0, 2.5, 10.25, 18.25, 23.75),
    fc.constantFrom(-1, 0, 899_999),
  )
  .map(([day, hour, ms]) =>
    new Date(Date.UTC(2026, 2, 28 + day, hour) + (hour % 1) * 3_600_000 + ms).toISOString(),
  );
const generation = fc.record({
  id: fc.nat({ max: 12 }).map((n) => `g${n}`),
  update: fc.boolean(),
  startTime: moment,
  endTime: fc.option(moment),
  model: fc.constantFrom('claude-sonnet-5', 'claude-haiku-4-5', 'unheard-of', null),
  level: fc.constantFrom('ERROR', 'DEFAULT', null),
  usageDetails: fc.record({ input: fc.nat({ max: 5000 }), output: fc.nat({ max: 900 }) }),
});
type Act = {
  kind: 'red' | 'other' | 'blue' | 'key' | 'delete' | 'undone';
  rows: (typeof generation extends fc.Arbitrary<infer T> ? T : never)[];
};
const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('red', 'other', 'blue', 'key', 'delete', 'undone'),
  rows: fc.array(generation, { minLength: 1, maxLength: 8 }),
});

let sent = 0;
async function perform(to: Hands, { kind, rows }: Act): Promise<void> {
  const batch = JSON.stringify(
    rows.map(({ id, update, ...body }) => {
      sent += 1;
      return {
        id: `rolls ${sent}`,
        type: `generation-${update ? 'update' : 'create'}`,
        timestamp: body.startTime,
        body: { ...body, id: `${kind === 'other' ? 'red' : kind} ${id}` },
      };
    }),
  );
  const own = 'select coffee.ingest_traces($1, $2)';
  const { red, blue } = world.ids;
  if (kind === 'red') await to.daemon.query(own, [red.attempt, batch]);
  else if (kind === 'other') await to.other.query(own, [red.attempt, batch]);
  else if (kind === 'blue') await to.blueDaemon.query(own, [blue.attempt, batch]);
  else if (kind === 'key') {
    await to.collector.query('select coffee.ingest_with_key($1, $2, $3)', [...to.key, batch]);
  } else if (kind === 'delete') {
    const ids = rows.map(({ id }) => `red ${id}`);
    await world.root(
      `select priv.lock_traces('${red.project}'); delete from coffee.generations where id in ('${ids.join("', '")}')`,
    );
  } else {
    await to.daemon.query('begin');
    await to.daemon.query(own, [red.attempt, batch]);
    await to.daemon.query('rollback');
  }
}

it('are what a full recount gives, after anything, from several connections at once', async () => {
  const to = await hands();
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 10 }), async (acts) => {
      const lanes = [acts.filter(({ kind }) => kind === 'red' || kind === 'undone')];
      for (const own of ['other', 'blue', 'key', 'delete']) {
        lanes.push(acts.filter(({ kind }) => kind === own));
      }
      await Promise.all(
        lanes.map(async (lane) => {
          for (const one of lane) await perform(to, one);
        }),
      );
      expect(await wrongTraceSums(world)).toEqual([]);
    }),
    { numRuns: 15 },
  );
  expect(
    await valueOf(await world.as('ben'), 'select count(*)::int from coffee.trace_buckets'),
  ).toBeGreaterThan(3);
});

it('follow when prices change and somebody prices anew', async () => {
  const anna = await world.as('anna');
  const cost = `select sum(cost_nanos)::text as cost, sum(unpriced_calls)::int as unpriced from coffee.trace_buckets`;
  const before = await world.root<{ cost: string; unpriced: number }>(cost);
  expect(before[0]!.unpriced).toBeGreaterThan(0);
  await anna.query('select coffee.import_prices($1)', [
    JSON.stringify([{ model: 'unheard-of', input: 1, output: 1 }]),
  ]);
  expect(await world.root(cost)).toEqual(before);
  const carla = await world.as('carla');
  expect(
    Number(await valueOf(await world.as('ben'), 'select coffee.reprice_generations()')),
  ).toBeGreaterThan(0);
  await carla.query('select coffee.reprice_generations()');
  expect(await wrongTraceSums(world)).toEqual([]);
  const after = await world.root<{ cost: string; unpriced: number }>(cost);
  // Left are those that name no model.
  expect(after[0]!.unpriced).toBeLessThan(before[0]!.unpriced);
  expect(Number(after[0]!.cost)).toBeGreaterThan(Number(before[0]!.cost));
});

it('are made for a zone that is added later, and refuse one that there is not', async () => {
  const anna = await world.as('anna');
  const add = 'select coffee.add_reporting_zone($1)';
  expect(await valueOf(anna, add, ['Australia/Eucla'])).toBe(true);
  expect(await codeOf(anna, add, ['Mars/Base'])).toBe(INVALID);
  expect(await wrongTraceSums(world)).toEqual([]);
});
