import { createToolServer } from '@coffee-roadmap/shared/agent-tools/tool-server';
import type { AgentTask } from '@coffee-roadmap/shared/agents/agent';
import { createClaudeDialogue } from '@coffee-roadmap/shared/agents/claude/dialogue';
import { parseClaudeLine } from '@coffee-roadmap/shared/agents/claude/messages';
import { createObserver } from '@coffee-roadmap/shared/agents/claude/observer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { createRecordingHost } from '../agents/recording-host';
import { mutate } from './mutate';
import { until } from '../support/until';
import { ROUNDS, SEED } from './rounds';
import { CLAUDE_LINES, CLAUDE_REQUESTS } from './samples';

// The daemon's whole side of a conversation, fed with what is much like the program's and wrong.

const TASK: AgentTask = {
  ...{ attemptId: '1', workspace: '/w', prompt: 'Do it.', sessionId: 's', resume: false },
  home: '/h',
};
interface Answer {
  type?: string;
  response?: { subtype: string; request_id: string; response?: { mcp_response?: unknown } };
}

function converse(): { line(text: string): void; answers(): Map<string, Answer['response']> } {
  const said: Answer[] = [];
  const host = createRecordingHost(() => 'Always allow in this attempt');
  const createTools = () => {
    const server = createToolServer('1', 'For a test.');
    const input = { said: z.string() };
    server.tool('echo', { description: 'Says it again.', input }, (given) =>
      Promise.resolve(given),
    );
    return server;
  };
  const program = {
    // As it goes to the program.
    say: (line: object) => void said.push(JSON.parse(JSON.stringify(line)) as Answer),
    ...{ remember: () => undefined, alive: () => undefined, flush: () => undefined },
    ...{ step: () => undefined, conclude: () => undefined, lastOutput: () => '' },
  };
  const observer = createObserver((trace) => void JSON.stringify(trace), TASK.prompt);
  const dialogue = createClaudeDialogue(TASK, false, { ...host, createTools }, program, observer);
  dialogue.begin();
  return {
    line: (text) => dialogue.line(text),
    answers: () =>
      new Map(
        said
          .filter(({ type }) => type === 'control_response')
          .map(({ response }) => [response!.request_id, response]),
      ),
  };
}

/** Gives the ids of what was asked and got no answer, once there has been time for one. */
async function unanswered(text: string): Promise<string[]> {
  const { line, answers } = converse();
  const asked = text.split('\n').flatMap((one) => {
    line(one);
    const read = parseClaudeLine(one);
    return read?.type === 'control_request' ? [read.request_id ?? ''] : [];
  });
  const missing = () => asked.filter((id) => !answers().has(id));
  for (let turn = 0; turn < 200 && missing().length > 0; turn++) await nextTurn();
  return missing();
}

it('whatever the program says, nothing is thrown, and each of its requests gets an answer', async () => {
  const [requests] = CLAUDE_REQUESTS;
  expect(await unanswered(requests!)).toEqual([]);
  for (let round = 0; round < ROUNDS; round++) {
    const seed = SEED + round;
    expect({ seed, missing: await unanswered(mutate(requests!, seed)) }).toEqual({
      seed,
      missing: [],
    });
    const { line } = converse();
    const lines = mutate(CLAUDE_LINES[0]!, seed).split('\n');
    expect(() => lines.forEach(line)).not.toThrow();
  }
});

const toTools = (more: object): string =>
  JSON.stringify({
    ...{ type: 'control_request', request_id: 'r' },
    request: { subtype: 'mcp_message', server_name: 'coffee-roadmap', ...more },
  });

it.each([
  ['missing', {}],
  ['null', { message: null }],
  ['a text', { message: 'x' }],
  ['a list', { message: [] }],
  ['of no version', { message: { method: 'tools/list', id: 1 } }],
  ['with an odd id', { message: { jsonrpc: '2.0', method: 'tools/list', id: {} } }],
])('a message for our tools that is %s is answered with an error of JSON-RPC', async (_, more) => {
  const { line, answers } = converse();
  line(toTools(more));
  await nextTurn();
  expect(answers().get('r')).toMatchObject({
    response: { mcp_response: { jsonrpc: '2.0', id: null, error: { code: -32_600 } } },
  });
});

it('a message for our tools with the id of one that is not answered yet is refused, and that one is not', async () => {
  const { line, answers } = converse();
  const call = (id: number, method: string, params: object) =>
    toTools({ message: { jsonrpc: '2.0', id, method, params } });
  const asked = (request_id: string, text: string) =>
    line(text.replace('"request_id":"r"', `"request_id":"${request_id}"`));
  const info = { protocolVersion: '2025-06-18', capabilities: {} };
  asked('begin', call(1, 'initialize', { ...info, clientInfo: { name: 'x', version: '1' } }));
  await until('it has begun', () => answers().has('begin'));
  const echo = (said: string) => call(2, 'tools/call', { name: 'echo', arguments: { said } });
  asked('first', echo('first'));
  asked('second', echo('second'));
  await until('both are answered', () => answers().has('first') && answers().has('second'));
  const responseTo = (id: string) => answers().get(id)?.response?.mcp_response;
  expect(responseTo('first')).toMatchObject({
    id: 2,
    result: { content: [{ text: expect.stringContaining('first') }] },
  });
  expect(responseTo('second')).toMatchObject({ id: 2, error: { code: -32_600 } });
});

it.each([
  [
    'models that are none',
    { type: 'result', modelUsage: { a: null, b: 1, c: { inputTokens: 'x' } } },
  ],
  [
    'numbers that are none',
    {
      type: 'system',
      subtype: 'api_retry',
      attempt: { toString: 1, valueOf: 1 },
      error_status: {},
    },
  ],
])('a line with %s is read all the same', (_, given) => {
  const { line } = converse();
  expect(() => line(JSON.stringify(given))).not.toThrow();
});

it('a line that is nested too deeply is none of the program’s', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const block = `{"type":"tool_use","id":"t","name":"Bash","input":{"a":${deep}}}`;
  const text = `{"type":"assistant","message":{"id":"m","content":[${block}]}}`;
  expect(parseClaudeLine(text)).toBeUndefined();
  expect(() => converse().line(text)).not.toThrow();
});
