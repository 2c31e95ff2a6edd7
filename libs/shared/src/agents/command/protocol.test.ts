import fc from 'fast-check';
import { parseLine, taskLine } from './protocol';

test('tells the task, and a limit only where there is one', () => {
  const task = {
    attemptId: '7',
    workspace: '/w',
    prompt: 'Do it.',
    sessionId: 's',
    resume: true,
    home: '/h',
  };
  expect(taskLine(task)).toEqual({
    type: 'task',
    prompt: 'Do it.',
    workspace: '/w',
    home: '/h',
    attempt_id: '7',
    session_id: 's',
    resume: true,
  });
  expect(taskLine({ ...task, budgetUsd: 2, model: 'm' })).toMatchObject({
    budget_usd: 2,
    model: 'm',
  });
});

test('reads each kind of line', () => {
  expect(parseLine('{"type":"tool","name":"Edit","summary":"a.ts","detail":{"x":1}}')).toEqual({
    type: 'tool',
    name: 'Edit',
    summary: 'a.ts',
    detail: { x: 1 },
  });
  expect(
    parseLine(
      '{"type":"question","id":"1","title":"Which?","options":["A",{"label":"B","description":"b"},{}],"multiple":true}',
    ),
  ).toEqual({
    type: 'question',
    id: '1',
    question: {
      kind: 'question',
      title: 'Which?',
      message: 'Which?',
      options: [{ label: 'A' }, { label: 'B', description: 'b' }],
      multiple: true,
      freeText: false,
    },
  });
  expect(parseLine('{"type":"usage","cost_usd":0.5,"input_tokens":3,"output_tokens":-1}')).toEqual({
    type: 'usage',
    usage: {
      costUsd: 0.5,
      inputTokens: 3,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    },
  });
  expect(parseLine('{"type":"result","status":"failed","reason":"no idea"}')).toEqual({
    type: 'result',
    status: 'failed',
    text: 'no idea',
  });
});

test('a question without options can be answered in words', () => {
  expect(parseLine('{"type":"question","id":"1","title":"Why?"}')).toMatchObject({
    question: { freeText: true, options: [] },
  });
});

test('anything at all is at least a message', () => {
  expect(parseLine('[1,2]')).toEqual({ type: 'message', text: '[1,2]' });
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(typeof parseLine(line).type).toBe('string');
    }),
  );
  const types = fc.constantFrom('message', 'tool', 'question', 'usage', 'result', 'progress');
  fc.assert(
    fc.property(types, fc.object({ key: fc.constantFrom('id', 'title', 'options') }), (type, o) => {
      expect(parseLine(JSON.stringify({ ...o, type })).type).toBe(type);
    }),
  );
});
