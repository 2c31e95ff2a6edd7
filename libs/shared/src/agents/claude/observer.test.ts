import fc from 'fast-check';
import type { AgentTrace, TracedCall } from '../trace';
import type { ClaudeLine } from './messages';
import { createObserver } from './observer';

function observe(...lines: ClaudeLine[]): {
  told: AgentTrace[];
  isComplete: (id: string) => boolean;
} {
  const told: AgentTrace[] = [];
  let clock = Date.UTC(2026, 10, 21);
  const observer = createObserver(
    (trace) => told.push(trace),
    'Do it.',
    () => new Date((clock += 1_000)),
  );
  for (const line of lines) observer.line(line);
  return { told, isComplete: observer.isComplete };
}

const start = (id: string): ClaudeLine => ({
  type: 'stream_event',
  event: {
    type: 'message_start',
    message: { id, model: 'm', usage: { input_tokens: 10, output_tokens: 1 } },
  },
  ttft_ms: 500,
});
const delta: ClaudeLine = {
  type: 'stream_event',
  event: { type: 'message_delta', usage: { output_tokens: 20 } },
};
const stop: ClaudeLine = { type: 'stream_event', event: { type: 'message_stop' } };
const bash = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } };
const callOf = (told: AgentTrace[], at: number): TracedCall =>
  told.flatMap((trace) => (trace.kind === 'call' ? [trace.call] : []))[at]!;

test('an answer is told when it is whole: with its last count, what it said and what it was told', () => {
  const { told, isComplete } = observe(
    start('m1'),
    {
      type: 'assistant',
      message: { id: 'm1', content: [{ type: 'text', text: 'hi' }] },
      request_id: 'r1',
    },
    { type: 'assistant', message: { id: 'm1', content: [bash] }, request_id: 'r1' },
    delta,
    stop,
    {
      type: 'user',
      message: { content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt' }] },
    },
    start('m2'),
    stop,
  );
  expect(callOf(told, 0)).toMatchObject({
    ...{ messageId: 'm1', requestId: 'r1', model: 'm', tokens: { input: 10, output: 20 } },
    ...{ input: [{ role: 'user', content: 'Do it.' }], output: [{ text: 'hi' }, { name: 'Bash' }] },
    ...{
      startedAt: new Date('2026-11-21T00:00:00.500Z'),
      answeringAt: new Date('2026-11-21T00:00:01Z'),
    },
  });
  expect(callOf(told, 1).input).toEqual([
    { role: 'user', content: [expect.objectContaining({ content: 'a.txt' })] },
  ]);
  expect([isComplete('m1'), isComplete('m3')]).toEqual([true, false]);
});

test('a tool begins where it is called and ends with its result', () => {
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'no', is_error: true };
  const { told } = observe(
    start('m1'),
    { type: 'assistant', message: { id: 'm1', content: [bash] } },
    stop,
    { type: 'user', message: { content: [result] } },
  );
  expect(told.filter(({ kind }) => kind === 'tool')).toMatchObject([
    { tool: { id: 'toolu_1', name: 'Bash', isAgent: false, input: { command: 'ls' } } },
    { tool: { id: 'toolu_1', output: 'no', failed: true } },
  ]);
});

test('what a sub-agent does is within the tool use that began it', () => {
  const task = { type: 'tool_use', id: 'toolu_a', name: 'Agent', input: {} };
  const { told, isComplete } = observe(
    start('m1'),
    { type: 'assistant', message: { id: 'm1', content: [task] } },
    stop,
    {
      ...{ type: 'assistant', parent_tool_use_id: 'toolu_a', request_id: 'r2' },
      message: {
        id: 'm2',
        model: 'm',
        content: [bash],
        usage: { input_tokens: 5, output_tokens: 1 },
      },
    },
  );
  expect(told).toMatchObject([
    { tool: { id: 'toolu_a', isAgent: true } },
    { call: { messageId: 'm1' } },
    { tool: { id: 'toolu_1', within: 'toolu_a' } },
    { call: { messageId: 'm2', within: 'toolu_a', requestId: 'r2', tokens: { input: 5 } } },
  ]);
  // Its last count is not known yet.
  expect(isComplete('m2')).toBe(false);
});

test('no line makes it fail', () => {
  const block = fc.record({
    type: fc.constantFrom('tool_use', 'tool_result', 'text'),
    id: fc.string(),
  });
  const lines = fc.array(
    fc.record(
      {
        type: fc.constantFrom('assistant', 'user', 'stream_event'),
        message: fc.record({ id: fc.string(), content: fc.array(block) }, { requiredKeys: [] }),
        event: fc.record({
          type: fc.constantFrom('message_start', 'message_delta', 'message_stop'),
        }),
      },
      { requiredKeys: ['type'] },
    ),
  );
  fc.assert(
    fc.property(lines, (all) => {
      expect(observe(...(all as ClaudeLine[])).told.length).toBeGreaterThanOrEqual(0);
    }),
  );
});
