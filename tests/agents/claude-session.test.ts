import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';
import {
  callTool,
  claudeTitle,
  describeClaude,
  follow,
  promptsOf,
  sayText,
  toolResults,
  useClaude,
} from './claude-runs';
import { until } from '../support/until';

describeClaude(claudeTitle('a run of Claude Code'), () => {
  const claude = useClaude();
  const { start, transcript } = claude;

  /** Words without end, until nobody listens. */
  async function* endless(): AsyncGenerator<string> {
    for (;;) {
      yield 'word ';
      await delay(5);
    }
  }

  test('a killed run goes on in the same session and is not given its task again', async () => {
    const file = path.join(claude.place.workspace, 'greeting.txt');
    const script = follow(
      callTool('Write', { file_path: file, content: 'Hello\n' }),
      callTool('Bash', { command: 'npm --version', description: 'Version' }),
      sayText('finished after all'),
    );
    const first = await start(script);
    await until('it asks', () => first.host.questions.length === 1);
    await until('its work is in the transcript', () =>
      transcript().some((line) => line.includes('File created successfully')),
    );
    await first.run.stop();
    expect(await first.run.outcome).toEqual({ kind: 'stopped' });
    const before = transcript();

    const second = await start(script, () => 'Allow once', { resume: true });
    expect(await second.run.outcome).toEqual({ kind: 'finished', summary: 'finished after all' });
    // The same question has the same key: the daemon finds it instead of asking anew.
    expect(second.host.questions[0]?.key).toBe(first.host.questions[0]?.key);
    const prompts = promptsOf(claude.api.requests[0]!);
    expect(prompts.filter((text) => text === 'Greet people by name.')).toHaveLength(1);
    expect(prompts.at(-1)).toMatch(/^You were interrupted/);
    expect(transcript().slice(0, before.length)).toEqual(before);
    expect(transcript().length).toBeGreaterThan(before.length);
  });

  test('begins anew in the same session where no earlier run left a transcript', async () => {
    const { run } = await start(follow(sayText('done')), undefined, { resume: true });
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(promptsOf(claude.api.requests[0]!)).toContain('Greet people by name.');
  });

  test('begins anew where a kill left a transcript without the task', async () => {
    const first = await start(follow(sayText('done')));
    await first.run.outcome;
    const cut =
      'for f in "$HOME"/.claude/projects/*/*.jsonl; do head -n 1 "$f" > x; mv x "$f"; done';
    const env = { PATH: '/usr/bin:/bin', HOME: claude.place.home };
    await claude.place.sandbox.run({
      command: 'sh',
      args: ['-c', cut],
      cwd: claude.place.workspace,
      env,
    });
    expect(transcript()).toEqual([expect.stringContaining('"type":"queue-operation"')]);

    const { run } = await start(follow(sayText('done')), undefined, { resume: true });
    expect(await run.outcome).toEqual({ kind: 'finished', summary: 'done' });
    expect(promptsOf(claude.api.requests[0]!)).toContain('Greet people by name.');
  });

  test('stops at its budget', async () => {
    const turn = callTool('Bash', { command: 'npm --version', description: 'Version' });
    const { run, host } = await start(
      () => ({ ...turn, usage: { input_tokens: 900_000, output_tokens: 50_000 } }),
      () => 'Allow once',
      { budgetUsd: 0.5 },
    );
    expect(await run.outcome).toMatchObject({ kind: 'over_budget' });
    expect(host.usage()?.costUsd).toBeGreaterThan(0.5);
  });

  test('a refusal of the API is a failure with its reason', async () => {
    const { run } = await start(() => ({ error: { status: 403, message: 'invalid x-api-key' } }));
    expect(await run.outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('Invalid API key'),
    });
  });

  test('says when it cannot reach the model and tries again', async () => {
    const { run, host } = await start(() => ({ error: { status: 529, message: 'overloaded' } }));
    const says = 'progress the model cannot be reached (529';
    await until('it says so', () => host.steps().some((step) => step.startsWith(says)));
    await run.stop();
  });

  test('stops within a second while the model speaks, and leaves no process', async () => {
    const { run } = await start(() => ({ blocks: [{ type: 'text', text: endless() }] }));
    await until('it listens', () => claude.api.requests.length === 1);
    const begun = Date.now();
    await run.stop();
    expect(Date.now() - begun).toBeLessThan(1_000);
    expect(await run.outcome).toEqual({ kind: 'stopped' });
  });

  test('held, it neither reads nor acts; released, it goes on', async () => {
    const file = path.join(claude.place.workspace, 'later.txt');
    let goOn = (): void => undefined;
    const ready = new Promise<void>((resolve) => (goOn = resolve));
    async function* slow(): AsyncGenerator<string> {
      yield 'I think.';
      await ready;
      yield ' Now I write.';
    }
    const { run, host } = await start((request) =>
      toolResults(request).length > 0
        ? sayText('done')
        : {
            blocks: [
              { type: 'text', text: slow() },
              { type: 'tool_use', name: 'Write', input: { file_path: file, content: 'x' } },
            ],
          },
    );
    await until('it listens', () => claude.api.requests.length === 1);
    run.hold();
    const events = host.events.length;
    goOn();
    await until('the answer is sent', () => claude.api.answered === 1);
    expect(claude.place.processes().map(({ state }) => state)).toEqual(['T']);
    expect(existsSync(file)).toBe(false);
    expect(host.events.length).toBe(events);
    run.release();
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(existsSync(file)).toBe(true);
  });
});
