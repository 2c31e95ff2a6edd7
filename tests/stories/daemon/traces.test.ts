import {
  callTool,
  claudeTitle,
  describeClaude,
  sayText,
  toolResults,
} from '../../agents/claude-runs';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { agentRoots } from '../../support/agent-processes';
import type { DaemonProgram } from '../../support/daemon-program';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { startMessagesApi, type MessagesApi } from '../../support/messages-api';
import { scriptedAgent } from '../../support/scripted-agent';
import { createStack, type Stack } from '../../support/stack';

let stack: Stack;
let ada: HelpfulPerson;
let repository: string;

beforeEach(async () => {
  stack = await createStack();
  repository = stack.repository('shop');
  ada = await helpfulPerson(stack);
});
afterEach(() => stack.close());

/** Each with its parent, in an order of its own. */
async function observations(): Promise<string[]> {
  const rows = await stack.sql<{ line: string }>(
    `select concat_ws(' ', o.type, o.name, '< ' || p.name) as line
     from analytics.observations o left join analytics.observations p on p.id = o.parent_id`,
  );
  return rows.map(({ line }) => line).sort();
}

/** What the calls of the attempt come to, beside what the attempt itself says. */
async function sums(): Promise<{ calls: object; attempt: object }> {
  const [row] = await stack.sql<{ calls: object; attempt: object }>(
    `select (select to_jsonb(s) from (select count(*) as calls, sum(input_tokens) as input,
         sum(output_tokens) as output, sum(cost_nanos) / 1e9 as usd from coffee.generations) s) as calls,
       (select to_jsonb(s) from (select sum(input_tokens) as input, sum(output_tokens) as output,
         sum(cost_usd) as usd from coffee.attempts) s) as attempt`,
  );
  return row!;
}

function journals(daemon: DaemonProgram): string[] {
  const [folder] = ['daemon', '.local/state/coffee-roadmap/daemon']
    .map((name) => path.join(daemon.home, name, 'traces'))
    .filter((name) => existsSync(name));
  return folder === undefined
    ? []
    : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.ndjson'),
      );
}

test('a program of the command agent: its calls, tools, questions and answers, summing up to the attempt', async () => {
  const usage = (n: number) => ({
    ...{ type: 'usage', model: 'some-model', cost_usd: n * 0.25 },
    ...{ input_tokens: n * 100, output_tokens: n * 10 },
  });
  const agent = scriptedAgent([
    { type: 'tool', name: 'Edit', summary: 'a.txt', detail: { password: 'tr0ub4dor' } },
    usage(1),
    { type: 'question', id: '1', title: 'Which?', options: ['MIT', 'Apache'] },
    { write: 'a.txt', text: 'x' },
    usage(3),
    { type: 'result', status: 'finished', summary: 'all done' },
  ]);
  const [item] = await ada.plan(repository, [{ title: 'Choose' }], agent);
  const daemon = await stack.daemon('worker');
  await stack.until(`select true as ok from coffee.notifications where state = 'pending'`);
  // Each is there as it happens.
  await stack.until(`select count(*) = 2 as ok from analytics.observations where type <> 'EVENT'`);
  await ada.help();

  expect(await observations()).toEqual([
    ...['EVENT answer', 'EVENT question', 'GENERATION some-model', 'GENERATION some-model'],
    'TOOL Edit',
  ]);
  const [trace] = await stack.sql(
    `select name, session_id, tags, attempt_id::int, item_id::int, output, metadata from coffee.traces`,
  );
  expect(trace).toEqual({
    ...{ name: '1. Choose', session_id: 'priority-1', tags: ['command'] },
    ...{ attempt_id: 1, item_id: item, output: { outcome: 'review', reason: 'all done' } },
    metadata: { agent: 'command', attempt: 1, daemon: 'worker', priority: '1' },
  });
  const [tool] = await stack.sql(`select input from coffee.spans`);
  expect(tool).toEqual({ input: { password: '[masked secret]' } });
  expect(await sums()).toEqual({
    calls: { calls: 2, input: 300, output: 30, usd: 0.75 },
    attempt: { input: 300, output: 30, usd: 0.75 },
  });
  expect(journals(daemon)).toEqual([]);
});

test('nothing of what was said is kept where that is the setting', async () => {
  await ada.plan(repository, [{ title: 'Choose', body: 'Ask: Which? MIT / Apache' }]);
  await stack.daemon('worker', { trace_content: 'none' });
  await ada.help();
  const said = await stack.sql(
    `select from analytics.observations where input is not null or output is not null
     union all select from coffee.traces where input is not null or output is not null`,
  );
  expect(said).toEqual([]);
  expect(await observations()).toContain('GENERATION rehearsal');
});

test('kill -9 amid the work, and another daemon: nothing is lost that was said, nothing is there twice', async () => {
  const agent = scriptedAgent([
    { type: 'tool', name: 'Edit', summary: 'a.txt' },
    { type: 'usage', model: 'some-model', cost_usd: 0.5, input_tokens: 7 },
    { type: 'question', id: '1', title: 'Which?', options: ['MIT', 'Apache'] },
    { write: 'a.txt', text: 'x' },
    { type: 'result', status: 'finished', summary: 'all done' },
  ]);
  await ada.plan(repository, [{ title: 'Choose' }], agent);
  const first = await stack.daemon('first');
  await stack.until(`select true as ok from coffee.events`);
  await stack.until(`select true as ok from coffee.attempts where cost_usd > 0`);
  first.kill('SIGKILL');
  await first.ended;
  await stack.daemon('second');
  await ada.help();
  // The second run really used its own tokens; the question is the same.
  expect(await observations()).toEqual([
    ...['EVENT answer', 'EVENT question', 'GENERATION some-model', 'GENERATION some-model'],
    ...['TOOL Edit', 'TOOL Edit'],
  ]);
  const { calls, attempt } = await sums();
  expect(calls).toEqual({ calls: 2, input: 14, output: 0, usd: 1 });
  expect(attempt).toEqual({ input: 14, output: 0, usd: 1 });
  expect(await stack.sql('select from coffee.traces')).toHaveLength(1);
});

describeClaude(claudeTitle('with the real Claude Code program'), () => {
  let api: MessagesApi;
  let daemon: DaemonProgram;
  afterEach(() => api.close());

  const fileIn = (name: string): string =>
    agentRoots(daemon.home)
      .map((root) => path.join(root, 'workspaces', 'attempt-1'))
      .filter((folder) => existsSync(folder))
      .map((folder) => path.join(folder, name))[0]!;

  test('every call of it and of its sub-agents, with its final tokens, and the same money', async () => {
    const secret = ['sk', 'ant', 'api03', 'aB3dE5fG7hI9'].join('-');
    api = await startMessagesApi((request) => {
      const results = toolResults(request).length;
      const isSubAgent = JSON.stringify(request.messages[0]).includes('SUBTASK');
      if (isSubAgent && results === 0) {
        const turn = callTool('Write', { file_path: fileIn('sub.txt'), content: 'sub' });
        return { ...turn, usage: { output_tokens: 333 } };
      }
      if (isSubAgent) return { ...sayText('The helper is done.'), usage: { output_tokens: 44 } };
      if (results === 0) {
        const input = { description: 'help', prompt: 'SUBTASK', subagent_type: 'general-purpose' };
        return { ...callTool('Agent', input), usage: { input_tokens: 1234, output_tokens: 55 } };
      }
      if (results > 1) return sayText('It is written.');
      return callTool('Write', { file_path: fileIn('main.txt'), content: `key ${secret}` });
    });
    await ada.plan(repository, [{ title: 'Write' }], { agent: 'claude' });
    daemon = await stack.daemon('worker', {
      ...{ ANTHROPIC_API_KEY: 'not-a-real-key', ANTHROPIC_BASE_URL: api.url },
    });
    await ada.help();

    const seen = await observations();
    expect(seen.map((line) => line.replace(/claude-[\w-]+/, 'claude'))).toEqual([
      'AGENT Agent',
      ...['GENERATION claude', 'GENERATION claude', 'GENERATION claude'],
      ...['GENERATION claude < Agent', 'GENERATION claude < Agent'],
      ...['TOOL Write', 'TOOL Write < Agent'],
    ]);
    const { calls, attempt } = await sums();
    expect(calls).toMatchObject({ calls: 5, input: 1234 + 4 * 10, output: 55 + 333 + 44 + 2 * 20 });
    // To the billionth: the same tokens at the same prices.
    const usd = (of: object): number => Number((of as { usd: number }).usd);
    expect(usd(calls)).toBeGreaterThan(0);
    expect(usd(calls)).toBeCloseTo(usd(attempt), 6);
    const [ids] = await stack.sql(
      `select bool_and(message_id like 'msg_%' and request_id like 'req_%' and ended_at is not null) as all_named,
         count(distinct message_id)::int as messages from coffee.generations`,
    );
    expect(ids).toEqual({ all_named: true, messages: 5 });
    const all = JSON.stringify(
      await stack.sql(`select input, output from analytics.observations union all
        select input, output from coffee.traces`),
    );
    expect(all).toContain('[masked anthropic key]');
    expect(all).toContain('The helper is done.');
    expect(all).not.toContain('aB3dE5');
  });
});
