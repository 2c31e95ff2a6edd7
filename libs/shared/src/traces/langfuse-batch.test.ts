import fc from 'fast-check';
import batch from './fixtures/langfuse-3.39-batch.json';
import batches from './fixtures/langfuse-3.39-four-batches.json';
import { readLangfuseBatch } from './langfuse-batch';
import { TRACE_EVENT_TYPES } from './trace-event';

const AT = '2026-11-21T07:02:21.214Z';
const event = (type: string, body: object): object => ({ id: 'e1', type, timestamp: AT, body });
const only = (type: string, body: object) =>
  readLangfuseBatch({ batch: [event(type, body)] }, 'full').events[0];

test('reads what langfuse 3.39 sends: every item, with its own fields', () => {
  const read = readLangfuseBatch(batch, 'full');
  expect(read).toMatchObject({ refused: [], ignored: [] });
  expect(read.events.map(({ id }) => id)).toEqual(batch.batch.map(({ id }) => id));
  const generation = read.events.find(({ type }) => type === 'generation-create');
  expect(generation?.body).toEqual({
    id: '246acd33-be37-4c1a-8421-a993bf497d50',
    traceId: '6f1f4afd-530b-4b52-9138-908e9198d7a7',
    startTime: '2026-11-21T07:02:21.211Z',
    completionStartTime: '2026-11-21T07:02:21.211Z',
    environment: 'test',
    name: 'claude',
    model: 'claude-opus-4',
    modelParameters: { temperature: 1 },
    input: [{ role: 'user', content: 'hi' }],
    usageDetails: { input: 10, output: 20, cache_read: 5 },
    costDetails: { input: 0.1, output: 0.2, total: 0.3 },
  });
  expect(batches.flatMap((one) => readLangfuseBatch(one, 'full').events)).toHaveLength(50);
});

test('a malformed item is refused with its reason, and the rest is kept', () => {
  const read = readLangfuseBatch(
    {
      batch: [
        event('trace-create', { id: 't' }),
        { ...event('span-create', { id: 's', startTime: 'yesterday' }), id: 'e2' },
        { id: 'e3', type: 'dance-create', body: {} },
        { id: 'e4', type: 'span-update', timestamp: AT, body: { name: 'x' } },
        { id: 'e5', type: 'score-create', timestamp: AT, body: { traceId: 't', name: 'q' } },
        { id: 'e6', type: 'sdk-log', timestamp: AT, body: { log: 'hello' } },
        null,
        17,
        { type: 'trace-create', body: {} },
      ],
    },
    'full',
  );
  expect(read.events.map(({ id }) => id)).toEqual(['e1']);
  expect(read.ignored).toEqual(['e6']);
  expect(read.refused).toEqual([
    { id: 'e2', reason: 'body.startTime is not a time between 1970 and 2100' },
    { id: 'e3', reason: 'type "dance-create" is not known' },
    { id: 'e4', reason: 'body.id is missing' },
    { id: 'e5', reason: 'body.value is missing' },
    { id: '#6', reason: 'the event has to be an object' },
    { id: '#7', reason: 'the event has to be an object' },
    { id: '#8', reason: 'id has to be a text' },
  ]);
});

test('no batch at all is refused whole', () => {
  for (const body of [undefined, null, [], {}, { batch: {} }, 'text', 3]) {
    expect(() => readLangfuseBatch(body, 'full')).toThrow('batch has to be a list of events');
  }
  expect(() => readLangfuseBatch({ batch: Array(10_001).fill(null) }, 'full')).toThrow('in parts');
});

test('null says nothing', () => {
  expect(only('trace-create', { id: 't', name: null, tags: null, output: null })?.body).toEqual({
    id: 't',
  });
});

test('tokens and money come out the same, in whatever words they were said', () => {
  const usage = (given: object) =>
    only('generation-create', { id: 'g', ...given })?.body.usageDetails;
  const plain = { input: 10, output: 20 };
  expect(usage({ usage: { promptTokens: 10, completionTokens: 20, totalTokens: 30 } })).toEqual(
    plain,
  );
  expect(usage({ usage: { input: 10, output: 20, unit: 'TOKENS' } })).toEqual(plain);
  expect(
    usage({
      usageDetails: {
        prompt_tokens: 15,
        completion_tokens: 20,
        total_tokens: 35,
        prompt_tokens_details: { cached_tokens: 5 },
      },
    }),
  ).toEqual({ ...plain, cache_read: 5 });
  expect(
    usage({
      usageDetails: {
        input_tokens: 10,
        output_tokens: 20,
        cache_read_input_tokens: 5,
        cache_creation_input_tokens: 9,
        cache_creation: { ephemeral_5m_input_tokens: 6, ephemeral_1h_input_tokens: 3 },
      },
    }),
  ).toEqual({ ...plain, cache_read: 5, cache_write_5m: 6, cache_write_1h: 3 });
  expect(usage({ usage: { total: 12 } })).toEqual({ total: 12 });
  // Both forms in one event: the newer counts, kind by kind.
  expect(
    usage({
      usage: { input: 15, output: 20, total: 35 },
      usageDetails: { input: 10, cache_read: 5 },
    }),
  ).toEqual({ input: 10, output: 20, cache_read: 5 });
  expect(usage({ usage: { input: 15 }, usageDetails: {} })).toEqual({ input: 15 });
  expect(usage({ usageDetails: { input: 'many' } })).toBeUndefined();
  const body = only('generation-create', { id: 'g', usage: { totalCost: 0.5, input: 1 } })?.body;
  expect(body?.costDetails).toEqual({ total: 0.5 });
});

test('kinds of observation are told in the type, or in the body', () => {
  expect(only('tool-create', { id: 'o', traceId: 't' })?.type).toBe('tool-create');
  expect(only('span-update', { id: 'o', kind: 'AGENT' })?.type).toBe('agent-update');
  expect(only('embedding-create', { id: 'o', usage: { input: 3 } })).toMatchObject({
    type: 'embedding-create',
    body: { usageDetails: { input: 3 } },
  });
  expect(only('observation-update', { id: 'o', type: 'GENERATION' })?.type).toBe(
    'generation-update',
  );
});

test('nothing that is sent makes it fail, and what it gives is JSON of known types', () => {
  const type = fc.oneof(fc.constantFrom(...TRACE_EVENT_TYPES, 'sdk-log'), fc.string());
  const field = fc.constantFrom(
    'id',
    'traceId',
    'name',
    'startTime',
    'usage',
    'input',
    'tags',
    'value',
  );
  const item = fc.record(
    {
      id: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      type,
      timestamp: fc.oneof(fc.constant(AT), fc.jsonValue()),
      body: fc.oneof(fc.dictionary(field, fc.jsonValue()), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const batchOf = fc.array(fc.oneof(item, fc.jsonValue()), { maxLength: 8 });
  fc.assert(
    fc.property(batchOf, (items) => {
      const read = readLangfuseBatch({ batch: items }, 'full');
      expect(read.events.length + read.refused.length + read.ignored.length).toBe(items.length);
      for (const one of read.events) expect(TRACE_EVENT_TYPES).toContain(one.type);
      expect(JSON.stringify(read.events)).not.toContain('\\u0000');
    }),
  );
});
