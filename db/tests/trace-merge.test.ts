import fc from 'fast-check';
import type { Client } from 'pg';
import { readRows, traceEvents, type TraceEvent } from './trace-arbitraries';
import { createWorld, type World } from './world';

let world: World;
let daemon: Client;
beforeAll(async () => {
  world = await createWorld();
  daemon = await world.as('daemon');
});
afterAll(() => world.close());

async function ingest(batch: readonly TraceEvent[]): Promise<Record<string, number>> {
  const { rows } = await daemon.query<{ status: string }>(
    'select status from coffee.ingest_traces($1, $2)',
    [world.ids.red.attempt, JSON.stringify(batch)],
  );
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The rows that these batches lead to; nothing of it stays. */
async function rowsOf(batches: readonly (readonly TraceEvent[])[]): Promise<unknown> {
  await daemon.query('begin');
  try {
    for (const batch of batches) await ingest(batch);
    return await readRows(daemon);
  } finally {
    await daemon.query('rollback');
  }
}

it('gives the same rows in any order, in any batches, with any repetitions', async () => {
  await fc.assert(
    fc.asyncProperty(
      traceEvents.chain((events) =>
        fc.record({
          events: fc.constant(events),
          order: fc.shuffledSubarray(events, { minLength: events.length }),
          again: fc.subarray(events),
          cuts: fc.array(fc.nat({ max: events.length }), { maxLength: 4 }),
        }),
      ),
      async ({ events, order, again, cuts }) => {
        const all = [...order, ...again];
        const edges = [0, ...cuts.sort((a, b) => a - b), all.length];
        const batches = edges.slice(1).map((end, i) => all.slice(edges[i], end));
        expect(await rowsOf(batches)).toEqual(await rowsOf([events]));
      },
    ),
    { numRuns: 60 },
  );
});

it('is not undone by a batch that is sent again after its ids were forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(traceEvents, async (events) => {
      await daemon.query('begin');
      await ingest(events);
      const once = await readRows(daemon);
      // What a week would do.
      await ingest(events.map((event) => ({ ...event, id: `${event.id} again` })));
      expect(await readRows(daemon)).toEqual(once);
      await daemon.query('rollback');
    }),
    { numRuns: 20 },
  );
});

describe('one thing after another', () => {
  const at = (ms: number): string => new Date(Date.UTC(2026, 10, 1) + ms).toISOString();
  const event = (id: string, type: string, ms: number, body: object): TraceEvent => ({
    id,
    type,
    timestamp: at(ms),
    body: { id: 'g', ...body },
  });
  const generation = async (batches: TraceEvent[][]): Promise<Record<string, unknown>> => {
    const { generations } = (await rowsOf(batches)) as {
      generations: Record<string, unknown>[];
    };
    return generations.find(({ id }) => id === 'g')!;
  };

  it('lets an update that came first stand against the create that comes late', async () => {
    const update = event('u', 'generation-update', 1, { output: 'all of it', endTime: at(9) });
    const create = event('c', 'generation-create', 5, {
      name: 'ask',
      output: 'begun',
      startTime: at(3),
    });
    expect(await generation([[update], [create]])).toMatchObject({
      name: 'ask',
      output: 'all of it',
      ended_at: new Date(at(9)),
      at: new Date(at(3)),
    });
  });

  it('keeps what a later one leaves out, and each key of the metadata', async () => {
    const first = event('1', 'generation-create', 1, {
      metadata: { a: 1, b: 1 },
      model: 'claude-sonnet-5',
      input: { q: 1 },
    });
    const second = event('2', 'generation-update', 2, { metadata: { b: 2, c: 2 }, input: null });
    const merged = { model: 'claude-sonnet-5', input: { q: 1 }, metadata: { a: 1, b: 2, c: 2 } };
    expect(await generation([[second], [first]])).toMatchObject(merged);
    expect(await generation([[first, second]])).toMatchObject(merged);
  });

  it('prices a call when model, time and tokens are there, whoever brought them', async () => {
    const model = event('m', 'generation-create', 1, { model: 'anthropic/claude-sonnet-5[1m]' });
    const tokens = event('t', 'generation-update', 2, {
      usage: {
        input: 1000,
        output: 100,
        cache_creation_input_tokens: 10,
        cache_read_input_tokens: 1,
      },
    });
    expect(await generation([[tokens]])).toMatchObject({ cost_nanos: null, unpriced: true });
    expect(await generation([[tokens], [model]])).toMatchObject({
      model: 'anthropic/claude-sonnet-5[1m]',
      model_name: 'claude-sonnet-5',
      input_tokens: '1000',
      output_tokens: '100',
      cache_write_5m_tokens: '10',
      cache_read_tokens: '1',
      cost_nanos: String(1000 * 2_000 + 100 * 10_000 + 10 * 2_500 + 200),
      pricing_version: 1,
      unpriced: false,
    });
  });

  it('takes a later event’s tokens whole, in the older form too, and a create’s never over an update’s', async () => {
    const create = event('c', 'generation-create', 5, {
      model: 'claude-sonnet-5',
      usageDetails: { input: 10, output: 1, cache_read: 500 },
    });
    const update = event('u', 'generation-update', 1, { usage: { input: 20, output: 3 } });
    const silent = event('s', 'generation-update', 9, { usageDetails: {}, usage: null });
    for (const batches of [
      [[create], [update], [silent]],
      [[silent, update], [create]],
    ]) {
      expect(await generation(batches)).toMatchObject({
        usage_details: { input: 20, output: 3 },
        input_tokens: '20',
        output_tokens: '3',
        cache_read_tokens: '0',
      });
    }
  });

  it('believes the cost that the reporter gives', async () => {
    const given = event('m', 'generation-create', 1, {
      model: 'claude-sonnet-5',
      usageDetails: { input: 1000 },
      costDetails: { input: 0.1, output: 0.2, total: 0.3 },
    });
    expect(await generation([[given]])).toMatchObject({
      cost_nanos: '300000000',
      pricing_version: null,
    });
  });
});
