import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { VERSION } from '../sdk';
import { basic, startSdkServer, type SdkServer } from './testing/sdk-server';

let server: SdkServer;
beforeAll(async () => {
  server = await startSdkServer();
});
afterAll(() => server.close());

type SdkRun = { traceId: string } & Record<string, unknown>;

/** Runs a program beside this to its end; what it said last. */
async function runSdk(program: string, ...args: string[]): Promise<SdkRun> {
  const file = path.join(__dirname, 'testing', program);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...args]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as SdkRun;
}

async function observations(traceId: string) {
  return server.rows(
    `select o.type, o.name, p.name as parent, o.level, o.model, o.input, o.output,
       o.input_tokens::int, o.output_tokens::int, o.cache_read_tokens::int, o.cost_nanos
     from analytics.observations o left join analytics.observations p on p.id = o.parent_id
     where o.trace_id = $1 order by o.type, o.name`,
    [traceId],
  );
}

test('langfuse 3.39: what it sends is there, priced, and what it asks for it gets', async () => {
  const { publicKey, secretKey } = server.key;
  const seen = await runSdk('langfuse-js.mjs', server.url, publicKey, secretKey);
  expect(seen.warnings).toEqual([]);
  expect(await observations(seen.traceId)).toMatchObject([
    { type: 'EVENT', name: 'hook', parent: null },
    {
      ...{ type: 'GENERATION', name: 'claude', parent: 'tool Bash', output: 'hey' },
      ...{ input_tokens: 1000, output_tokens: 200, cache_read_tokens: 500 },
      // 1000 at 5, 200 at 25 and 500 at 0.50 USD for a million.
      ...{ cost_nanos: 10_250_000 },
    },
    { type: 'SPAN', name: 'tool Bash', input: { cmd: 'ls' }, output: 'ok' },
  ]);
  expect(seen.trace).toMatchObject({
    ...{ name: 'session', userId: 'bea', tags: ['a', 'b'], output: 'done', release: 'v1.2' },
    ...{ totalCost: 0.01025, environment: 'test', scores: [{ name: 'quality', value: 0.9 }] },
  });
  expect((seen.trace as { observations: unknown[] }).observations).toHaveLength(3);
  expect(seen.traces).toMatchObject({
    data: [{ id: seen.traceId, totalCost: 0.01025 }],
    meta: { page: 1, limit: 1, totalItems: 1, totalPages: 1 },
  });
  expect(seen).toMatchObject({
    noTraces: [],
    sessions: [{ id: 's' }],
    generations: [{ name: 'claude', calculatedTotalCost: 0.01025 }],
    observation: { name: 'tool Bash', output: 'ok' },
    scores: [{ traceId: seen.traceId, value: 0.9, comment: 'c' }],
    health: { status: 'OK', version: VERSION },
  });
});

test('@langfuse/otel 5: spans over OTLP', async () => {
  const { publicKey, secretKey } = server.key;
  const { traceId } = await runSdk('langfuse-otel.mjs', server.url, publicKey, secretKey);
  expect(await observations(traceId)).toMatchObject([
    { type: 'AGENT', name: 'helper', parent: 'root', level: 'ERROR' },
    {
      ...{ type: 'GENERATION', name: 'claude', parent: 'root', cost_nanos: 10_250_000 },
      ...{ input: [{ role: 'user', content: 'hi' }], output: { content: 'hey' } },
    },
    { type: 'SPAN', name: 'root', parent: null, input: { q: 1 } },
    { type: 'TOOL', name: 'Bash', parent: 'root', input: { command: 'ls' }, output: 'ok' },
  ]);
  const { json } = await server.send(`/api/public/traces/${traceId}`);
  expect(json).toMatchObject({
    ...{ name: 'session', userId: 'alice', sessionId: 'sess-1', tags: ['a'], release: 'v1' },
    ...{ environment: 'test', totalCost: 0.01025, input: { q: 1 }, output: 'done' },
  });
});

test('a plain OpenTelemetry program, in packed protobuf', async () => {
  const url = `${server.url}/api/public/otel/v1/traces`;
  const { traceId } = await runSdk('otel-protobuf.mjs', url, basic(server.key));
  expect(await observations(traceId)).toMatchObject([
    { type: 'EVENT', name: 'exception', parent: 'chat', level: 'ERROR' },
    {
      ...{ type: 'GENERATION', name: 'chat', parent: 'ask', level: 'ERROR' },
      ...{ input_tokens: 40, output_tokens: 7, cache_read_tokens: 60, cost_nanos: 405_000 },
    },
    { type: 'SPAN', name: 'ask', parent: null },
  ]);
});

test('a key reads its own project and no other', async () => {
  const other = await server.addKey('tea');
  const headers = { authorization: basic(other) };
  for (const list of ['traces', 'sessions', 'observations', 'scores']) {
    const { json } = await server.send(`/api/public/${list}`, { headers });
    expect([list, json.data]).toEqual([list, []]);
    const { json: own } = await server.send(`/api/public/${list}`);
    expect((own.data as unknown[]).length).toBeGreaterThan(0);
  }
  const { json } = await server.send('/api/public/traces?limit=1');
  const { id } = (json.data as { id: string }[])[0]!;
  expect(await server.send(`/api/public/traces/${id}`, { headers })).toMatchObject({ status: 404 });
  expect((await server.send('/api/public/projects', { headers })).json).toMatchObject({
    data: [{ name: 'tea' }],
  });
});

test('pages follow each other without a gap; odd ones are refused', async () => {
  const seen: string[] = [];
  for (let page = 1; ; page += 1) {
    const { json } = await server.send(`/api/public/observations?limit=3&page=${page}`);
    const data = json.data as { id: string }[];
    seen.push(...data.map(({ id }) => id));
    if (page >= (json.meta as { totalPages: number }).totalPages) break;
  }
  const all = await server.rows('select id from analytics.observations');
  expect(seen.sort()).toEqual(all.map(({ id }) => id).sort());
  for (const query of ['page=0', 'limit=x', 'page=-1', 'fromTimestamp=soon']) {
    expect(await server.send(`/api/public/traces?${query}`)).toMatchObject({ status: 400 });
  }
});
