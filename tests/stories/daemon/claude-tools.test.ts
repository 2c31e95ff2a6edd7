import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  callTool,
  claudeTitle,
  describeClaude,
  sayText,
  toolResults,
} from '../../agents/claude-runs';
import { agentRoots } from '../../support/agent-processes';
import type { DaemonProgram } from '../../support/daemon-program';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { startMessagesApi, type MessagesApi } from '../../support/messages-api';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';

describeClaude(claudeTitle('the tools of a daemon’s Claude Code'), () => {
  let stack: Stack;
  let api: MessagesApi;
  let repository: string;
  let ada: HelpfulPerson;
  let daemon: DaemonProgram;

  const tool = (name: string, input: Record<string, unknown>) =>
    callTool(`mcp__coffee-roadmap__${name}`, input);

  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop', { 'README.md': '# Shop\n' });
    ada = await helpfulPerson(stack);
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Which one is a secret.' }], {
      agent: 'claude',
    });
    api = await startMessagesApi((request) => {
      const results = toolResults(request).join('\n');
      if (!results.includes('is a secret')) return tool('roadmap_view', { number: '1' });
      if (!results.includes('open_questions')) return tool('roadmap_list', {});
      if (!/"answer\\?": \\?"MIT/.test(results))
        return tool('ask_person', { question: 'Which licence?', options: [{ label: 'MIT' }] });
      if (!results.includes('notification_id')) return tool('notify', { title: 'It will be MIT' });
      if (!results.includes('shown')) return tool('report_progress', { summary: 'Half done' });
      const content = 'MIT\n';
      if (!results.includes('File created'))
        return callTool('Write', { file_path: licenceFile(), content });
      return sayText('It is MIT now.');
    });
  });
  afterEach(async () => {
    await stack.close();
    await api.close();
  });

  const start = (): Promise<DaemonProgram> =>
    stack.daemon('worker', { ANTHROPIC_API_KEY: 'not-a-real-key', ANTHROPIC_BASE_URL: api.url });
  function licenceFile(): string {
    const workspace = agentRoots(daemon.home)
      .map((root) => path.join(root, 'workspaces', 'attempt-1'))
      .find((folder) => existsSync(folder));
    return path.join(workspace!, 'LICENCE');
  }

  it('read the roadmap, ask, tell and report for the attempt, each once although the daemon is killed', async () => {
    daemon = await start();
    await stack.until(
      `select count(*) = 1 as ok from coffee.notifications where state = 'pending'`,
    );
    daemon.kill('SIGKILL');
    await daemon.ended;
    const asked = api.requests.length;
    daemon = await start();
    await until('the session goes on', () => api.requests.length > asked);
    const [question] = await stack.sql<{ id: number }>(
      `select id from coffee.notifications where state = 'pending'`,
    );
    await ada.call(`select coffee.answer($1, 'mit')`, question!.id);
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);
    await ada.help();
    expect(git(repository, 'show', 'main:LICENCE')).toBe('MIT');

    const told =
      await stack.sql(`select kind::text, title, state::text, answer, attempt_id::int, item_id is not null as about,
      (select p.kind::text from priv.principals p where p.id = asked_by) as by
      from coffee.notifications where title in ('Which licence?', 'It will be MIT') order by id`);
    const ours = { attempt_id: 1, about: true, by: 'daemon' };
    expect(told).toEqual([
      { ...ours, kind: 'question', title: 'Which licence?', state: 'answered', answer: 'MIT' },
      { ...ours, kind: 'info', title: 'It will be MIT', state: 'posted', answer: null },
    ]);
    const steps = await stack.sql(
      `select from coffee.attempt_steps where kind = 'progress' and summary = 'Half done'`,
    );
    expect(steps).toHaveLength(1);
    const permissions = `select from coffee.notifications where context ->> 'kind' = 'permission'`;
    expect(await stack.sql(permissions)).toEqual([]);
  });
});
