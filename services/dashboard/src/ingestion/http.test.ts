import batch from '@coffee-roadmap/shared/traces/fixtures/langfuse-3.39-batch.json';
import otelExport from '@coffee-roadmap/shared/traces/fixtures/langfuse-otel-5-export.json';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { query } from '../../../../tests/support/database';
import { basic, startSdkServer, type SdkServer } from './testing/sdk-server';

const INGESTION = '/api/public/ingestion';
const OTLP = '/api/public/otel/v1/traces';
const AT = '2026-11-21T07:02:21.214Z';
const PROTOBUF = readFileSync(path.join(__dirname, 'fixtures', 'otel-export.pb'));

let server: SdkServer;
beforeAll(async () => {
  server = await startSdkServer();
});
afterAll(() => server.close());

const trace = (id: string, body: object = {}): object => ({
  ...{ id: `event-${id}`, type: 'trace-create', timestamp: AT, body: { id, ...body } },
});

test('takes what langfuse 3.39 sends, says so for each event, and takes it once', async () => {
  const first = await server.send(INGESTION, { body: batch });
  const ids = batch.batch.map(({ id }) => id);
  expect(first.status).toBe(207);
  expect(first.json).toEqual({ successes: ids.map((id) => ({ id, status: 201 })), errors: [] });
  expect((await server.send(INGESTION, { body: batch })).json).toEqual(first.json);
  const rows = await server.rows(
    `select name, model, output, input_tokens::int, cache_read_tokens::int, cost_nanos
     from coffee.generations where trace_id = $1`,
    ['6f1f4afd-530b-4b52-9138-908e9198d7a7'],
  );
  expect(rows).toEqual([
    {
      ...{ name: 'claude', model: 'claude-opus-4', output: 'hey', input_tokens: 10 },
      ...{ cache_read_tokens: 0, cost_nanos: 300_000_000 },
    },
  ]);
  const [found] = await server.rows('select name, output, tags from coffee.traces where id = $1', [
    '6f1f4afd-530b-4b52-9138-908e9198d7a7',
  ]);
  expect(found).toEqual({ name: 'session', output: 'done', tags: ['a', 'b'] });
});

test('refuses what is malformed one by one, the database’s own refusals too, and keeps the rest', async () => {
  const { status, json } = await server.send(INGESTION, {
    body: {
      batch: [
        trace('kept'),
        { id: 'bad-1', type: 'span-create', timestamp: AT, body: { startTime: 'soon' } },
        {
          id: 'bad-2',
          type: 'generation-create',
          timestamp: AT,
          body: { costDetails: { total: 1e6 } },
        },
        { id: 'log', type: 'sdk-log', timestamp: AT, body: { log: 'x' } },
      ],
    },
  });
  expect(status).toBe(207);
  expect(json.successes).toEqual([
    { id: 'log', status: 201 },
    { id: 'event-kept', status: 201 },
  ]);
  expect(json.errors).toMatchObject([
    { id: 'bad-1', status: 400, error: 'body.startTime is not a time between 1970 and 2100' },
    { id: 'bad-2', status: 400, error: expect.stringContaining('cost') },
  ]);
  expect(await server.rows(`select id from coffee.traces where id = 'kept'`)).toHaveLength(1);
});

test('takes OTLP as JSON and as protobuf, plain and packed; an export that comes again is no news', async () => {
  const json = await server.send(OTLP, { body: otelExport });
  expect(json).toMatchObject({ status: 200, json: {} });
  const packed = gzipSync(JSON.stringify(otelExport));
  await server.send(OTLP, { body: packed, headers: { 'content-encoding': 'gzip' } });
  const kinds = await server.rows(
    `select type, name from analytics.observations where trace_id = $1 order by name`,
    ['e471fce6a15e0a23144ae4a2b52ab400'],
  );
  expect(kinds.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    ...['AGENT agent', 'EVENT ev', 'GENERATION claude', 'SPAN session', 'TOOL Bash'],
  ]);
  const authorization = basic(server.key);
  for (const [body, encoding] of [[PROTOBUF], [gzipSync(PROTOBUF), 'gzip']] as const) {
    const headers = { authorization, 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`${server.url}${OTLP}`, {
      method: 'POST',
      headers: { ...headers, ...(encoding ? { 'content-encoding': encoding } : {}) },
      body: Buffer.from(body),
    });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      ...[200, 'application/x-protobuf', ''],
    ]);
  }
  const [{ count }] = (await server.rows(
    `select count(*)::int from coffee.generations where name = 'chat' and cost_nanos > 0`,
  )) as [{ count: number }];
  expect(count).toBe(1);
});

test('spans that cannot be read are counted in the answer', async () => {
  const resourceSpans = [{ scopeSpans: [{ spans: [{ traceId: 'x', startTimeUnixNano: '1' }] }] }];
  expect((await server.send(OTLP, { body: { resourceSpans } })).json).toEqual({
    partialSuccess: { rejectedSpans: '1', errorMessage: 'startTimeUnixNano is missing' },
  });
});

test('who has no valid key is told so, in JSON, and nothing is stored', async () => {
  const none = await server.send(INGESTION, { body: {}, headers: { authorization: '' } });
  expect(none.status).toBe(401);
  expect(none.headers.get('www-authenticate')).toContain('Basic');
  expect(none.json.error).toBe('UnauthorizedError');
  const { publicKey } = server.key;
  for (const secretKey of ['sk-lf-wrong', `sk-lf-${'0'.repeat(64)}`]) {
    const authorization = basic({ publicKey, secretKey });
    const body = { batch: [trace('stranger')] };
    const answer = await server.send(INGESTION, { body, headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, json: { error: 'UnauthorizedError' } });
    expect(JSON.stringify(answer.json)).not.toContain(secretKey);
  }
  const other = await server.addKey('tea');
  const [person] = await server.rows<{ login: string }>(
    `select login from priv.principals where kind = 'person'`,
  );
  const ada = server.database.urlFor(person!.login, 'for this test only');
  await query(ada, 'select coffee.revoke_project_key($1)', [other.id]);
  const headers = { authorization: basic(other) };
  expect(await server.send(INGESTION, { body: { batch: [trace('x')] }, headers })).toMatchObject({
    status: 401,
  });
  expect(await server.rows(`select id from coffee.traces where id in ('stranger', 'x')`)).toEqual(
    [],
  );
});

test.each([
  ['no JSON', '{"batch": [', {}, 400],
  ['no batch', '{}', {}, 400],
  ['nothing', '', {}, 400],
  ['bytes that are not packed as said', 'x', { 'content-encoding': 'gzip' }, 400],
  ['an unknown packing', 'x', { 'content-encoding': 'zstd' }, 415],
  ['too much', 'x'.repeat(8 * 1024 * 1024 + 1), {}, 413],
])('answers %s in JSON', async (_, body, headers, status) => {
  const answer = await server.send(INGESTION, { body, headers });
  expect(answer.status).toBe(status);
  expect(answer.json.message).toEqual(expect.any(String));
});

test('what is packed small and is large is too much', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(100_000);
  for (const [body, encoding] of [
    [bomb, 'gzip'],
    [brotliCompressSync(Buffer.alloc(9 * 1024 * 1024)), 'br'],
  ] as const) {
    const answer = await server.send(OTLP, { body, headers: { 'content-encoding': encoding } });
    expect(answer.status).toBe(413);
  }
});

test('what is not there is said in JSON too', async () => {
  expect(await server.send('/api/public/dance')).toMatchObject({ status: 404 });
  expect(await server.send('/api/public/v2/prompts/p')).toMatchObject({ status: 404 });
  expect(await server.send('/api/public/traces/%E0%A4%A')).toMatchObject({ status: 400 });
});

test('secrets are masked before they are stored; settings keep less', async () => {
  const secret = ['sk', 'ant', 'api03', 'aB3dE5fG7hI9'].join('-');
  const said = { name: `run ${secret}`, input: { text: `${secret} of ada@example.org` } };
  await server.send(INGESTION, { body: { batch: [trace('s-full', said)] } });
  await server.serve({ content: 'masked' });
  await server.send(INGESTION, { body: { batch: [trace('s-masked', said)] } });
  await server.serve({ content: 'none' });
  await server.send(INGESTION, { body: { batch: [trace('s-none', said)] } });
  await server.serve({});
  const rows = await server.rows(
    `select id, name, input from coffee.traces where id like 's-%' order by id`,
  );
  const name = 'run [masked anthropic key]';
  expect(rows).toEqual([
    { id: 's-full', name, input: { text: '[masked anthropic key] of ada@example.org' } },
    { id: 's-masked', name, input: { text: '[masked anthropic key] of [masked e-mail]' } },
    { id: 's-none', name, input: null },
  ]);
});

test('too many requests with one key are told when to come again; other keys are not held up', async () => {
  await server.serve({ keyPerMinute: 3 });
  const other = await server.addKey('milk');
  const send = (authorization?: string) =>
    server.send(INGESTION, {
      body: { batch: [] },
      headers: authorization === undefined ? {} : { authorization },
    });
  const statuses = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await send()).status);
  expect(statuses).toEqual([207, 207, 207]);
  const late = await send();
  expect(late).toMatchObject({ status: 429, json: { error: 'RateLimitError' } });
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await send(basic(other))).status).toBe(207);
  await server.serve({});
});

test('a database that is away is a reason to come again, never to give up', async () => {
  const [{ login }] = (await server.rows(
    `select login from priv.principals where kind = 'collector'`,
  )) as [{ login: string }];
  await server.rows(`alter role "${login}" with nologin`);
  await server.rows(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`, [
    login,
  ]);
  const tries = await Promise.all([
    server.send(INGESTION, { body: { batch: [trace('away')] } }),
    server.send('/api/public/traces'),
    server.send('/api/public/health'),
  ]);
  await server.rows(`alter role "${login}" with login`);
  for (const { status, headers, json } of tries) {
    expect([status, json.error]).toEqual([503, 'ServiceUnavailableError']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const again = await server.send(INGESTION, { body: { batch: [trace('away')] } });
  expect(again.status).toBe(207);
  expect(JSON.stringify(server.faults)).not.toContain(server.key.secretKey);
});
