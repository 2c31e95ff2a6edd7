import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  callTool,
  claudeTitle,
  describeClaude,
  promptsOf,
  sayText,
  toolResults,
} from '../../agents/claude-runs';
import { agentRoots } from '../../support/agent-processes';
import type { DaemonProgram } from '../../support/daemon-program';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { startMessagesApi, type MessagesApi } from '../../support/messages-api';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';

const QUESTION = callTool('AskUserQuestion', {
  questions: [
    {
      question: 'Which licence?',
      header: 'Licence',
      multiSelect: false,
      options: [
        { label: 'MIT', description: 'Short' },
        { label: 'Apache-2.0', description: 'Long' },
      ],
    },
  ],
});
const PERMISSION = callTool('Bash', {
  command: 'npm root > checked.txt',
  description: 'Checks',
});

describeClaude(claudeTitle('the main job, with the real Claude Code program'), () => {
  let stack: Stack;
  let api: MessagesApi;
  let repository: string;
  let ada: HelpfulPerson;
  let daemon: DaemonProgram;

  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop', { 'README.md': '# Shop\n' });
    ada = await helpfulPerson(stack);
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask which.' }], {
      agent: 'claude',
    });
    // A model that asks, wants to run a command, writes what it was told, and ends.
    api = await startMessagesApi((request) => {
      const results = toolResults(request);
      const answer = results.find((text) => text.includes('questions have been answered'));
      if (answer === undefined) return QUESTION;
      if (results.some((text) => text.includes('File created'))) return sayText('It is MIT now.');
      const ran = results.length > results.indexOf(answer) + 1;
      const content = `${answer.includes('MIT') ? 'MIT' : 'something else'}\n`;
      return ran ? callTool('Write', { file_path: licenceFile(), content }) : PERMISSION;
    });
  });
  afterEach(async () => {
    await stack.close();
    await api.close();
  });

  function start(): Promise<DaemonProgram> {
    return stack.daemon('worker', {
      ANTHROPIC_API_KEY: 'not-a-real-key',
      ANTHROPIC_BASE_URL: api.url,
    });
  }
  function licenceFile(): string {
    const workspace = agentRoots(daemon.home)
      .map((root) => path.join(root, 'workspaces', 'attempt-1'))
      .find((folder) => existsSync(folder));
    return path.join(workspace!, 'LICENCE');
  }
  /** The sessions that it has on disk, and the text of all together. */
  function transcripts(): { names: string[]; text: string } {
    const homes = agentRoots(daemon.home).map((root) => path.join(root, 'homes'));
    const files = homes
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
          path.join(folder, name),
        ),
      )
      .filter((file) => file.includes('/projects/') && file.endsWith('.jsonl'));
    const text = files.map((file) => readFileSync(file, 'utf8')).join('');
    return { names: files.map((file) => path.basename(file, '.jsonl')), text };
  }
  async function answer(title: string, text: string): Promise<void> {
    const open = `select id from coffee.notifications where title = $1 and state = 'pending'`;
    await stack.until(`select count(*) = 1 as ok from (${open}) n`, [title]);
    const [row] = await stack.sql<{ id: number }>(open, [title]);
    await ada.call('select coffee.answer($1, $2)', row!.id, text);
  }
  async function expectDone(): Promise<void> {
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);
    await ada.help();
    expect(git(repository, 'show', 'main:LICENCE')).toBe('MIT');
    expect(git(repository, 'ls-tree', '--name-only', 'main')).toBe(
      'LICENCE\nREADME.md\nchecked.txt',
    );
    expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
      'Priority 1: Choose a licence',
      'Begin',
    ]);
    const [attempt] = await stack.sql(`select outcome::text, reason, session_id::text,
      cost_usd > 0 and input_tokens > 0 and output_tokens > 0 as counted,
      (select count(*) from coffee.attempts) as attempts,
      (select count(*) from coffee.notifications where kind = 'question') as questions
      from coffee.attempts`);
    expect(attempt).toEqual({
      outcome: 'review',
      reason: 'It is MIT now.',
      session_id: transcripts().names.join(),
      counted: true,
      attempts: 1,
      questions: 2,
    });
  }

  it('it asks, wants a permission, edits a file, and its work is reviewed and merged', async () => {
    daemon = await start();
    await answer('Licence: Which licence?', 'mit');
    await answer('May the agent run this command?', 'Allow once');
    await expectDone();
    const steps = await stack.sql<{ kind: string; summary: string }>(
      'select kind, summary from coffee.attempt_steps order by step',
    );
    expect(steps.map(({ kind, summary }) => `${kind} ${summary}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^progress Claude Code 2\./),
        'question Licence: Which licence?',
        'answer MIT',
        'tool Write: LICENCE',
        'agent_done It is MIT now.',
      ]),
    );
  });

  it('killed with its daemon while it asks, it goes on in its session and asks nothing twice', async () => {
    daemon = await start();
    await stack.until(
      `select count(*) = 1 as ok from coffee.notifications where state = 'pending'`,
    );
    await until('the question is in the transcript', () =>
      transcripts().text.includes('Which licence?'),
    );
    daemon.kill('SIGKILL');
    await daemon.ended;
    const asked = api.requests.length;

    daemon = await start();
    await until('the session goes on', () => api.requests.length > asked);
    await answer('Licence: Which licence?', 'mit');
    await answer('May the agent run this command?', 'Allow once');
    await expectDone();
    const prompts = promptsOf(api.requests.at(-1)!);
    expect(prompts.filter((text) => text.includes('You are working on priority 1'))).toHaveLength(
      1,
    );
    expect(prompts.some((text) => text.startsWith('You were interrupted'))).toBe(true);
  });
});
