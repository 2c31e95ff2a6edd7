import fc from 'fast-check';
import captured from '../fixtures/langfuse-otel-5-export.json';
import { readOtlpExport } from './read-export';

const ID = '0af7651916cd43dd8448eb211c80319c';

function exportOf(attributes: Record<string, unknown>, more: object = {}): object {
  const valueOf = (value: unknown) =>
    typeof value === 'number' ? { intValue: String(value) } : { stringValue: value };
  const span = {
    traceId: ID,
    spanId: 'b7ad6b7169203331',
    parentSpanId: '00f067aa0ba902b7',
    name: 'chat',
    startTimeUnixNano: '1795244636007000000',
    endTimeUnixNano: '1795244637007000123',
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) })),
    ...more,
  };
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}

const one = (attributes: Record<string, unknown>, more?: object) =>
  readOtlpExport(exportOf(attributes, more), 'full').events[0]!;

test('reads what @langfuse/otel 5 sends', () => {
  const { events, rejected } = readOtlpExport(captured, 'full');
  expect(rejected).toBe(0);
  const traceId = 'e471fce6a15e0a23144ae4a2b52ab400';
  const kinds = events.map(({ type, body }) => [type, body.name]);
  expect(kinds).toEqual([
    ['agent-create', 'agent'],
    ['trace-create', 'trace-name'],
    ['event-create', 'ev'],
    ['tool-create', 'Bash'],
    ['generation-create', 'claude'],
    ['span-create', 'session'],
    ['trace-create', 'trace-name'],
  ]);
  expect(events[4]!.body).toMatchObject({
    id: 'd8026faa07fbe771',
    traceId,
    parentObservationId: 'c39e76eb54f5c171',
    model: 'claude-opus-4',
    modelParameters: { temperature: 1 },
    usageDetails: { input: 10, output: 20, cache_read: 5 },
    costDetails: { total: 0.3 },
    completionStartTime: '2026-11-21T07:03:55.998Z',
    input: [{ role: 'user', content: 'hi' }],
    output: { role: 'assistant', content: 'hey' },
    promptName: 'p',
    promptVersion: '2',
    environment: 'test',
  });
  expect(events[6]!.body).toMatchObject({
    id: traceId,
    name: 'trace-name',
    userId: 'alice',
    sessionId: 'sess-1',
    tags: ['a'],
    metadata: { k: 'v' },
    input: { ti: 1 },
    output: { to: 2 },
    release: 'v1',
    version: '1',
  });
  expect(JSON.stringify(events)).not.toContain('/usr/bin/node');
});

test('the same export gives the same events, whatever else is in the request', () => {
  const first = readOtlpExport(captured, 'full').events;
  expect(readOtlpExport(structuredClone(captured), 'full').events).toEqual(first);
  const { resourceSpans } = captured;
  const more = { resourceSpans: [...resourceSpans, ...resourceSpans] };
  expect(readOtlpExport(more, 'full').events).toEqual(first);
});

test('reads the gen_ai conventions: a call, its tokens, its messages', () => {
  const read = one({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-opus-4-5',
    'gen_ai.request.max_tokens': 100,
    'gen_ai.response.id': 'msg_1',
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 7,
    'gen_ai.usage.cache_read.input_tokens': 60,
    'gen_ai.usage.cache_creation.input_tokens': 30,
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]',
  });
  expect(read).toMatchObject({
    type: 'generation-create',
    timestamp: '2026-11-21T07:03:57.007000Z',
    body: {
      model: 'claude-opus-4-5',
      modelParameters: { max_tokens: 100 },
      usageDetails: { input: 10, output: 7, cache_read: 60, cache_write_5m: 30 },
      input: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      output: [{ role: 'assistant', parts: [] }],
      metadata: { attributes: { 'gen_ai.provider.name': 'anthropic' } },
      messageId: 'msg_1',
    },
  });
});

test('an agent repeats the tokens of its calls, and a tool has none: neither is a call', () => {
  const usage = { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 9 };
  expect(one({ 'gen_ai.operation.name': 'invoke_agent', ...usage })).toMatchObject({
    type: 'agent-create',
  });
  expect(
    one({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.call.arguments': '{"a":1}' }),
  ).toMatchObject({ type: 'tool-create', body: { input: { a: 1 } } });
});

test('reads older names: numbered prompts, tokens of a prompt and a completion', () => {
  expect(
    one({
      'gen_ai.request.model': 'gpt-x',
      'gen_ai.prompt.0.role': 'user',
      'gen_ai.prompt.0.content': 'hi',
      'gen_ai.completion.0.content': 'hey',
      'gen_ai.usage.prompt_tokens': 3,
      'gen_ai.usage.completion_tokens': 4,
    }).body,
  ).toMatchObject({
    input: [{ role: 'user', content: 'hi' }],
    output: [{ content: 'hey' }],
    usageDetails: { input: 3, output: 4 },
  });
});

test('a plain span keeps its attributes, its failure and what happened in it', () => {
  const { events } = readOtlpExport(
    exportOf(
      { 'http.route': '/x', 'http.request.header.authorization': 'hunter2hunter2' },
      {
        parentSpanId: '',
        status: { code: 2 },
        events: [
          {
            name: 'exception',
            timeUnixNano: '1795244636007000000',
            attributes: [{ key: 'exception.message', value: { stringValue: 'no coffee' } }],
          },
        ],
      },
    ),
    'full',
  );
  expect(events.map(({ type }) => type)).toEqual(['span-create', 'trace-create', 'event-create']);
  expect(events[0]!.body).toMatchObject({ level: 'ERROR', statusMessage: 'no coffee' });
  expect(events[0]!.body.metadata).toEqual({
    attributes: {
      'http.route': '/x',
      'http.request.header.authorization': '[masked secret]',
    },
  });
  expect(events[2]!.body).toMatchObject({
    parentObservationId: 'b7ad6b7169203331',
    level: 'ERROR',
  });
});

test('spans without ids or times are rejected and counted, the rest is kept', () => {
  const bad = [{ traceId: 'x' }, { spanId: '0'.repeat(16) }, { startTimeUnixNano: 'soon' }, {}];
  const spans = bad.map((more) => exportOf({}, more)) as { resourceSpans: object[] }[];
  const read = readOtlpExport({ resourceSpans: spans.flatMap((s) => s.resourceSpans) }, 'full');
  expect(read).toMatchObject({ rejected: 3, events: [{ type: 'span-create' }] });
  expect(read.reasons).toContain('traceId is not an id of 16 bytes');
  expect(() => readOtlpExport({ resourceSpans: 'x' }, 'full')).toThrow('has to be a list');
  expect(readOtlpExport({}, 'full').events).toEqual([]);
});

test('nothing that is sent makes it fail', () => {
  const name = fc.constantFrom(
    ...['langfuse.observation.type', 'langfuse.observation.usage_details', 'user.id', 'session.id'],
    ...['gen_ai.request.model', 'gen_ai.prompt.0.content', 'langfuse.trace.tags', 'x'],
  );
  const leaf = fc.oneof(
    fc.record({ stringValue: fc.string({ unit: 'binary' }) }),
    fc.record({ intValue: fc.oneof(fc.integer(), fc.string()) }),
    fc.record({ kvlistValue: fc.jsonValue() }),
    fc.record({ arrayValue: fc.record({ values: fc.jsonValue() }) }),
    fc.jsonValue(),
  );
  const attributes = fc.array(fc.record({ key: fc.oneof(name, fc.string()), value: leaf }));
  const odd = fc.record({ name: fc.jsonValue(), events: fc.jsonValue(), status: fc.jsonValue() });
  fc.assert(
    fc.property(attributes, odd, (list, more) => {
      const { events, rejected } = readOtlpExport(
        exportOf({}, { attributes: list, ...more }),
        'full',
      );
      expect(events.length > 0 || rejected === 1).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (groups) => {
      const request = { resourceSpans: [groups, { scopeSpans: groups }] };
      expect(readOtlpExport(request, 'full').rejected).toBeGreaterThanOrEqual(0);
    }),
  );
});
