import fc from 'fast-check';
import type { Client } from 'pg';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { anyCall, LEDGER, wrongSums } from './ledger';
import { valueOf } from './refusal';
import { BLUE_MACHINE, importRecords, RED_MACHINE, THIRD_MACHINE, usage } from './reports';
import { createWorld, type World } from './world';

const MACHINES = [RED_MACHINE, THIRD_MACHINE];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The person's ledger is empty, and no sums are left of it. */
async function forget(person: string): Promise<void> {
  await world.root(`delete from coffee.usage_records where person_id = $1`, [person]);
}

async function ledger(person: string): Promise<unknown[]> {
  return (await world.root<{ row: unknown }>(LEDGER, [person])).map(({ row }) => row);
}

interface Delivery {
  machineId: string;
  records: UsageRecord[];
}

/** Batches of one machine each, by several importers at once. */
async function deliver(clients: Client[], batches: Delivery[]): Promise<void> {
  const waiting = [...batches];
  await Promise.all(
    clients.map(async (client) => {
      for (let batch = waiting.shift(); batch; batch = waiting.shift())
        await importRecords(client, batch.records, { machineId: batch.machineId });
    }),
  );
}

it('gives the same rows in any order, any batches, by any number of importers', async () => {
  const { person } = world.ids.red;
  const clients = [await world.as('ben'), await world.another('ben'), await world.another('ben')];
  const delivery = fc
    .tuple(
      fc.array(anyCall(MACHINES[0]!), { maxLength: 14 }),
      fc.array(anyCall(MACHINES[1]!), { maxLength: 14 }),
    )
    .chain((found) => {
      const each = found.flatMap((records, i) =>
        records.map((record) => ({ machineId: MACHINES[i]!, record })),
      );
      const shuffled = fc.shuffledSubarray(each, { minLength: each.length });
      const size = fc.integer({ min: 1, max: 6 });
      return fc.record({
        each: fc.constant(each),
        one: shuffled,
        other: shuffled,
        size,
        importers: fc.integer({ min: 1, max: 3 }),
      });
    });
  const inBatches = (
    each: { machineId: string; record: UsageRecord }[],
    size: number,
  ): Delivery[] =>
    MACHINES.flatMap((machineId) => {
      const records = each.filter((one) => one.machineId === machineId).map(({ record }) => record);
      return Array.from({ length: Math.ceil(records.length / size) }, (_, i) => ({
        machineId,
        records: records.slice(i * size, (i + 1) * size),
      }));
    });
  await fc.assert(
    fc.asyncProperty(delivery, async ({ one, other, size, importers }) => {
      await forget(person);
      await deliver(clients.slice(0, 1), inBatches(one, 100));
      const expected = await ledger(person);
      await forget(person);
      await deliver(clients.slice(0, importers), inBatches(other, size).reverse());
      expect(await ledger(person)).toEqual(expected);
      await deliver(clients.slice(0, importers), inBatches(one, size));
      expect(await ledger(person)).toEqual(expected);
      expect(await wrongSums(world)).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

describe('which copy counts', () => {
  const { person } = { person: () => world.ids.red.person };
  const only = async (...records: UsageRecord[]): Promise<Record<string, unknown>[]> => {
    await forget(person());
    await importRecords(await world.as('ben'), records);
    return (await ledger(person())) as Record<string, unknown>[];
  };

  it('is the one with the most tokens: 9, 159, 9 is 159', async () => {
    const rows = await only(...[9, 159, 9].map((output_tokens) => usage({ output_tokens })));
    expect(rows).toMatchObject([{ output_tokens: 159 }]);
  });

  it('is the call itself, not its replay in a side chain under a new request id', async () => {
    const replay = usage({ is_sidechain: true, request_id: 'req_2', output_tokens: 999 });
    expect(await only(replay, usage())).toMatchObject([
      { request_key: 'req_1', output_tokens: 20 },
    ]);
    const later = await importRecords(await world.as('ben'), [replay]);
    expect(later).toMatchObject({ inserted: 0, revised: 0, duplicate: 1 });
  });

  it('is each of two requests that gave one message id', async () => {
    expect(await only(usage(), usage({ request_id: 'req_2' }))).toHaveLength(2);
  });

  it('is one where a gateway gives no request id, and each line where there is no message id', async () => {
    const gateway = usage({ request_id: null });
    const nameless = ['l1', 'l2', 'l1'].map((line_uuid) => usage({ message_id: null, line_uuid }));
    expect(await only(gateway, gateway, ...nameless)).toHaveLength(3);
  });

  it('is another person’s too: what one imported is none of the other’s', async () => {
    const before = await ledger(world.ids.blue.person);
    const record = usage({ message_id: 'msg_shared' }, BLUE_MACHINE);
    await importRecords(await world.as('ben'), [usage({ message_id: 'msg_shared' })]);
    const counts = await importRecords(await world.as('carla'), [record], {
      machineId: BLUE_MACHINE,
    });
    expect(counts).toMatchObject({ inserted: 1, duplicate: 0 });
    expect(await ledger(world.ids.blue.person)).toHaveLength(before.length + 1);
  });
});

describe('what a call costs', () => {
  const cost = async (change: Partial<UsageRecord>): Promise<[number | null, number | null]> => {
    const { person } = world.ids.red;
    await forget(person);
    await importRecords(await world.as('ben'), [usage(change)]);
    const [row] = (await ledger(person)) as {
      cost_nanos: number | null;
      pricing_version: number | null;
    }[];
    return [row!.cost_nanos, row!.pricing_version];
  };

  it.each<[string, Partial<UsageRecord>, number | null, number | null]>([
    ['by the list', {}, 10 * 5000 + 20 * 25000 + 30 * 500 + 40 * 6250 + 50 * 10000, 1],
    ['what the log says', { logged_cost_usd: '0.0125' }, 12_500_000, null],
    ['nothing that is known', { model: 'somebody-else' }, null, null],
    ['nothing, where no model answered', { model: '<synthetic>' }, 0, 1],
    [
      'six times as much in fast mode',
      { model: 'claude-opus-4-6', speed: 'fast', cache_write_1h_tokens: 0 },
      6 * 815_000,
      1,
    ],
  ])('is %s', async (_what, change, nanos, version) => {
    const [found, foundVersion] = await cost(change);
    expect(found).toBe(nanos);
    if (change.model !== '<synthetic>') expect(foundVersion).toBe(version);
  });

  it('stays when prices change, until its person reprices', async () => {
    await cost({ model: 'claude-sonnet-5', speed: null });
    const ben = await world.as('ben');
    const anna = await world.as('anna');
    const read = 'select cost_nanos::float8 from coffee.usage_records';
    const before = await valueOf<number>(ben, read);
    const prices = ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h'];
    const dear = {
      model: 'claude-sonnet-5',
      ...Object.fromEntries(prices.map((kind) => [kind, 1])),
    };
    await anna.query('select coffee.import_prices($1)', [JSON.stringify([dear])]);
    expect(await valueOf(ben, read)).toBe(before);
    expect(await valueOf(ben, 'select coffee.reprice_usage()::int')).toBe(1);
    expect(await valueOf(ben, read)).toBe(150_000);
    expect(await valueOf(ben, 'select coffee.reprice_usage()::int')).toBe(0);
    expect(await wrongSums(world)).toEqual([]);
    await anna.query(`select coffee.reset_prices('claude-sonnet-5')`);
  });
});

it('keeps the sums of a zone that is added while somebody imports', async () => {
  const clients = await Promise.all([
    world.another('ben'),
    world.another('carla'),
    world.another('anna'),
  ]);
  const many = async (): Promise<void> => {
    for (let i = 0; i < 10; i++)
      await importRecords(clients[0]!, [usage({ message_id: `zone_${i}` })]);
  };
  await Promise.all([
    many(),
    clients[2]!.query(`select coffee.add_reporting_zone('America/New_York')`),
    importRecords(clients[1]!, [usage({ message_id: 'zone' }, BLUE_MACHINE)], {
      machineId: BLUE_MACHINE,
    }),
  ]);
  expect(await wrongSums(world)).toEqual([]);
});
