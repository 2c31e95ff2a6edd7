import {
  callTool,
  claudeTitle,
  describeClaude,
  promptsOf,
  sayText,
  toolResults,
} from '../../agents/claude-runs';
import { helpfulPerson } from '../../support/helpful-person';
import { startMessagesApi, type MessagesApi } from '../../support/messages-api';
import { createStack, git, type Stack } from '../../support/stack';

describeClaude(claudeTitle('the budget of a day, with the real Claude Code program'), () => {
  let stack: Stack;
  let api: MessagesApi;
  beforeEach(async () => {
    stack = await createStack();
    // A model whose first answer costs more than a day may; the others are cheap.
    api = await startMessagesApi((request) => {
      if (toolResults(request).length > 0) return sayText('It is written.');
      const usage = api.requests.length === 1 ? { input_tokens: 1_000_000 } : {};
      return { ...callTool('Bash', { command: 'echo one > one.txt' }), usage };
    });
  });
  afterEach(async () => {
    await stack.close();
    await api.close();
  });

  it('stops it in the middle; when there is money it goes on in its session and its clone', async () => {
    const repository = stack.repository('shop');
    const ada = await helpfulPerson(stack);
    const project = await ada.project(repository, { agent: 'claude', budget_day_usd: 0.25 });
    await ada.add(project, 'Write one');
    await stack.daemon('worker', {
      ANTHROPIC_API_KEY: 'not-a-real-key',
      ANTHROPIC_BASE_URL: api.url,
    });
    await stack.until(
      `select count(*) = 1 as ok from coffee.notifications where title like '%budget of the day%'`,
    );
    const [spent] = await stack.sql<{ usd: number }>(
      'select cost_usd::float as usd from coffee.attempts where outcome is null',
    );
    expect(spent!.usd).toBeGreaterThan(0.25);

    await ada.call('select coffee.set_project($1, $2)', project, {
      budget_day_usd: spent!.usd + 1,
    });
    await ada.help();
    const attempts = await stack.sql<{ usd: number }>(
      'select outcome, takeovers, cost_usd::float as usd from coffee.attempts',
    );
    expect(attempts).toMatchObject([{ outcome: 'review', takeovers: 1 }]);
    // What a session cost before is not counted once more when it is gone on with.
    expect(attempts[0]!.usd).toBeGreaterThan(spent!.usd);
    expect(attempts[0]!.usd).toBeLessThan(spent!.usd * 1.5);
    expect(git(repository, 'show', 'main:one.txt')).toBe('one');
    const prompts = promptsOf(api.requests.at(-1)!);
    expect(prompts.some((text) => text.startsWith('You were interrupted'))).toBe(true);
  });
});
