import { startSdkServer, type SdkServer } from './testing/sdk-server';

const TRACES = 1_000;
const AT_ONCE = 40;

let server: SdkServer;
beforeAll(async () => {
  server = await startSdkServer();
});
afterAll(() => server.close());

/** The same at every run: a failure can be looked into. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * sides);
  };
}

type Event = { id: string; type: string; timestamp: string; body: object };

function eventsOf(n: number): Event[] {
  const [traceId, spanId, callId] = [`t${n}`, `s${n}`, `g${n}`];
  const at = (ms: number): string => new Date(Date.UTC(2026, 10, 21) + n * 1000 + ms).toISOString();
  const event = (type: string, ms: number, body: object): Event => ({
    ...{ id: `${type}-${n}-${ms}`, type, timestamp: at(ms), body },
  });
  const call = { id: callId, traceId, parentObservationId: spanId };
  return [
    event('trace-create', 0, { id: traceId, timestamp: at(0), name: `trace ${n}`, input: n }),
    event('span-create', 1, { id: spanId, traceId, name: 'work', startTime: at(1) }),
    event('generation-create', 2, {
      ...call,
      model: 'claude-opus-4-5',
      startTime: at(2),
      input: n,
    }),
    event('generation-update', 3, {
      ...call,
      usageDetails: { input: n + 1, output: 2 * n },
      endTime: at(3),
    }),
    event('span-update', 4, { id: spanId, traceId, output: `out ${n}`, endTime: at(4) }),
    event('score-create', 5, { id: `q${n}`, traceId, name: 'quality', value: n }),
    event('trace-create', 6, { id: traceId, timestamp: at(6), output: `done ${n}` }),
  ];
}

test('a thousand traces at once, in any order, twice and again: exactly their rows', async () => {
  const dice = createDice(42);
  const events = Array.from({ length: TRACES }, (_, n) => eventsOf(n)).flat();
  for (let at = events.length - 1; at > 0; at -= 1) {
    const other = dice(at + 1);
    [events[at], events[other]] = [events[other]!, events[at]!];
  }
  const batches: Event[][] = [];
  while (events.length > 0) batches.push(events.splice(0, 1 + dice(30)));
  // Some are sent twice at the same time, some again much later.
  const jobs = batches.flatMap((batch) => (dice(4) === 0 ? [batch, batch] : [batch]));
  jobs.push(...batches.filter(() => dice(5) === 0));

  async function work(): Promise<void> {
    for (let batch = jobs.shift(); batch !== undefined; batch = jobs.shift()) {
      // Who does not wait for the answer does not know, and asks again.
      if (dice(10) === 0) {
        const hurry = AbortSignal.timeout(5);
        const { publicKey, secretKey } = server.key;
        const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
        await fetch(`${server.url}/api/public/ingestion`, {
          ...{ method: 'POST', headers: { authorization }, signal: hurry },
          body: JSON.stringify({ batch }),
        }).catch(() => undefined);
      }
      const { status, json } = await server.send('/api/public/ingestion', { body: { batch } });
      expect([status, json.errors]).toEqual([207, []]);
      expect(json.successes).toHaveLength(batch.length);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  const numbers = Array.from({ length: TRACES }, (_, n) => n);
  const traces = await server.rows(
    `select input::int as n, name, output from coffee.traces order by input::int`,
  );
  expect(traces).toEqual(numbers.map((n) => ({ n, name: `trace ${n}`, output: `done ${n}` })));
  const spans = await server.rows<{ id: string }>(
    `select id, trace_id, name, output, (ended_at - started_at)::text as took
     from coffee.spans order by substr(id, 2)::int`,
  );
  expect(spans).toEqual(
    numbers.map((n) => ({
      ...{ id: `s${n}`, trace_id: `t${n}`, name: 'work', output: `out ${n}`, took: '00:00:00.003' },
    })),
  );
  const calls = await server.rows(
    `select id, parent_id, input_tokens::int, output_tokens::int, cost_nanos
     from coffee.generations order by input::int`,
  );
  expect(calls).toEqual(
    numbers.map((n) => ({
      ...{ id: `g${n}`, parent_id: `s${n}`, input_tokens: n + 1, output_tokens: 2 * n },
      cost_nanos: (n + 1) * 5_000 + 2 * n * 25_000,
    })),
  );
  const [scores] = await server.rows('select count(*)::int, sum(value)::int from coffee.scores');
  expect(scores).toEqual({ count: TRACES, sum: (TRACES * (TRACES - 1)) / 2 });
  expect(server.faults).toEqual([]);
});
