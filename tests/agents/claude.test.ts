import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';
import { startMessagesApi, type MessagesApi, type Script } from '../support/messages-api';
import { createAgent } from '@coffee-roadmap/shared/agents/registry';
import {
  callTool,
  claudeAt,
  claudeFound,
  PATH,
  promptsOf,
  sayText,
  toolResults,
} from './claude-runs';
import { createRecordingHost } from './recording-host';
import { waitUntil } from './wait-until';
import { makeWorkPlace, type WorkPlace } from './work-place';

const title = claudeFound
  ? 'the Claude Code program'
  : 'the Claude Code program (skipped: it is not installed here)';

(claudeFound ? describe : describe.skip)(title, () => {
  let place: WorkPlace;
  let api: MessagesApi;

  beforeEach(async () => {
    place = await makeWorkPlace({ bubblewrap: false });
  });
  afterEach(async () => {
    await api.close();
    await place.remove();
  });

  /** The script's turns follow the number of tool results that the conversation already holds. */
  const follow = (...turns: ReturnType<typeof sayText>[]): Script => {
    return (request) => turns[toolResults(request).length] ?? sayText('nothing more');
  };
  const start = async (
    script: Script,
    reply?: Parameters<typeof createRecordingHost>[0],
    change: Parameters<WorkPlace['task']>[1] = {},
  ) => {
    api = await startMessagesApi(script);
    const host = createRecordingHost(reply);
    const task = place.task('Greet people by name.', change);
    return { host, run: await claudeAt(api.url).start(task, host, place.sandbox) };
  };
  const transcript = (): string[] => {
    const projects = path.join(place.home, '.claude', 'projects');
    const name = `${place.task('').sessionId}.jsonl`;
    return (existsSync(projects) ? readdirSync(projects) : [])
      .map((folder) => path.join(projects, folder, name))
      .filter((file) => existsSync(file))
      .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
  };

  test.each([
    ['without bubblewrap', false],
    ['with bubblewrap where it works', true],
  ])('edits a file without asking, and reports every call, %s', async (_, bubblewrap) => {
    await place.remove();
    place = await makeWorkPlace({ bubblewrap });
    const file = path.join(place.workspace, 'greeting.txt');
    const { run, host } = await start(
      follow(
        callTool('Write', { file_path: file, content: 'Hello, Ada\n' }),
        sayText('It is done.'),
      ),
    );
    expect(await run.outcome).toEqual({ kind: 'finished', summary: 'It is done.' });
    expect(await place.read('greeting.txt')).toBe('Hello, Ada\n');
    expect(host.questions).toEqual([]);
    expect(host.steps()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^progress Claude Code 2\.\S+ with \S+/),
        'tool Write: greeting.txt',
        'message It is done.',
      ]),
    );
    const calls = host.events.flatMap((event) =>
      'call' in event && event.call ? [event.call] : [],
    );
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatchObject({
      messageId: expect.stringMatching(/^msg_/),
      inputTokens: 10,
      outputTokens: 20,
    });
    expect(host.usage()).toMatchObject({ inputTokens: 20, outputTokens: 40 });
    expect(host.usage()?.costUsd).toBeGreaterThan(0);
  });

  test('asks a person before it runs a command, and runs it when allowed', async () => {
    const bash = { command: 'npm root > made.txt', description: 'Writes the folder' };
    const { run, host } = await start(follow(callTool('Bash', bash), sayText('ran it')), () =>
      existsSync(path.join(place.workspace, 'made.txt')) ? 'Deny' : 'Allow once',
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(existsSync(path.join(place.workspace, 'made.txt'))).toBe(true);
    expect(host.questions).toEqual([
      {
        key: expect.stringMatching(/^permission:[0-9a-f]{32}$/),
        kind: 'permission',
        title: 'May the agent run this command?',
        message: expect.stringMatching(/^npm root > made\.txt\n\nWrites the folder/),
        options: [
          { label: 'Allow once' },
          { label: 'Always allow in this attempt', description: expect.any(String) },
          { label: 'Deny', description: expect.any(String) },
        ],
        multiple: false,
        freeText: true,
      },
    ]);
  });

  test('a denial goes back with the person’s words, and nothing is run', async () => {
    const bash = { command: 'touch made.txt && npm publish', description: 'Publishes' };
    const { run, host } = await start(
      follow(callTool('Bash', bash), sayText('then not')),
      () => 'Never publish from here.',
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished', summary: 'then not' });
    expect(existsSync(path.join(place.workspace, 'made.txt'))).toBe(false);
    expect(toolResults(api.requests.at(-1)!)[0]).toContain('Never publish from here.');
    expect(host.questions).toHaveLength(1);
  });

  test('what is allowed for the attempt is not asked again; anything else is', async () => {
    const { run, host } = await start(
      follow(
        callTool('Bash', { command: 'npm --version', description: 'a' }),
        callTool('Bash', { command: 'npm --version', description: 'b' }),
        callTool('Bash', { command: 'npm root', description: 'c' }),
        sayText('done'),
      ),
      () => 'Always allow in this attempt',
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(host.questions.map(({ message }) => message.split('\n')[0])).toEqual([
      'npm --version',
      'npm root',
    ]);
  });

  test('asks before it touches what lies outside its workspace or its own settings', async () => {
    const outside = path.join(place.home, 'note.txt');
    const settings = path.join(place.workspace, '.claude', 'settings.json');
    const { run, host } = await start(
      follow(
        callTool('Write', { file_path: outside, content: 'x' }),
        callTool('Write', { file_path: settings, content: '{}' }),
        sayText('done'),
      ),
      () => 'Deny',
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(host.questions.map((question) => question.title)).toEqual([
      'May the agent use Write?',
      'May the agent use Write?',
    ]);
    expect(existsSync(outside) || existsSync(settings)).toBe(false);
  });

  test('passes its questions on and goes on with the answers', async () => {
    const options = [
      { label: 'Hello', description: 'short' },
      { label: 'Good morning', description: 'polite' },
    ];
    const questions = [
      { question: 'Which greeting?', header: 'Greeting', multiSelect: false, options },
      { question: 'Which languages?', header: 'Languages', multiSelect: true, options },
    ];
    const { run, host } = await start(
      follow(callTool('AskUserQuestion', { questions }), sayText('thanks')),
      ({ multiple }) => (multiple ? 'Hello, Good morning' : 'Servus'),
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished', summary: 'thanks' });
    expect(host.questions).toMatchObject([
      { kind: 'question', title: 'Greeting: Which greeting?', options, multiple: false },
      { kind: 'question', title: 'Languages: Which languages?', options, multiple: true },
    ]);
    expect(toolResults(api.requests.at(-1)!)[0]).toContain(
      '"Which greeting?"="Servus", "Which languages?"="Hello, Good morning"',
    );
  });

  test('a killed run goes on in the same session and is not given its task again', async () => {
    const file = path.join(place.workspace, 'greeting.txt');
    const script = follow(
      callTool('Write', { file_path: file, content: 'Hello\n' }),
      callTool('Bash', { command: 'npm --version', description: 'Version' }),
      sayText('finished after all'),
    );
    const first = await start(script);
    await waitUntil('it asks', () => first.host.questions.length === 1);
    await waitUntil('its work is in the transcript', () =>
      transcript().some((line) => line.includes('File created successfully')),
    );
    await first.run.stop();
    expect(await first.run.outcome).toEqual({ kind: 'stopped' });
    const before = transcript();
    await api.close();

    const second = await start(script, () => 'Allow once', { resume: true });
    expect(await second.run.outcome).toEqual({ kind: 'finished', summary: 'finished after all' });
    // The same question has the same key: the daemon finds it instead of asking anew.
    expect(second.host.questions[0]?.key).toBe(first.host.questions[0]?.key);
    const prompts = promptsOf(api.requests[0]!);
    expect(prompts.filter((text) => text === 'Greet people by name.')).toHaveLength(1);
    expect(prompts.at(-1)).toMatch(/^You were interrupted/);
    expect(transcript().slice(0, before.length)).toEqual(before);
    expect(transcript().length).toBeGreaterThan(before.length);
  });

  test('begins anew in the same session where no earlier run left a transcript', async () => {
    const { run } = await start(follow(sayText('done')), undefined, { resume: true });
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(promptsOf(api.requests[0]!)).toContain('Greet people by name.');
  });

  test('begins anew where a kill left a transcript without the task', async () => {
    const first = await start(follow(sayText('done')));
    await first.run.outcome;
    await api.close();
    const cut =
      'for f in "$HOME"/.claude/projects/*/*.jsonl; do head -n 1 "$f" > x; mv x "$f"; done';
    const env = { PATH: '/usr/bin:/bin', HOME: place.home };
    await place.sandbox.run({ command: 'sh', args: ['-c', cut], cwd: place.workspace, env });
    expect(transcript()).toEqual([expect.stringContaining('"type":"queue-operation"')]);

    const { run } = await start(follow(sayText('done')), undefined, { resume: true });
    expect(await run.outcome).toEqual({ kind: 'finished', summary: 'done' });
    expect(promptsOf(api.requests[0]!)).toContain('Greet people by name.');
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
    await waitUntil('it says so', () => host.steps().some((step) => step.startsWith(says)));
    await run.stop();
  });

  /** Words without end, until nobody listens. */
  async function* endless(): AsyncGenerator<string> {
    for (;;) {
      yield 'word ';
      await delay(5);
    }
  }

  test('stops within a second while the model speaks, and leaves no process', async () => {
    const { run } = await start(() => ({ blocks: [{ type: 'text', text: endless() }] }));
    await waitUntil('it listens', () => api.requests.length === 1);
    const begun = Date.now();
    await run.stop();
    expect(Date.now() - begun).toBeLessThan(1_000);
    expect(await run.outcome).toEqual({ kind: 'stopped' });
  });

  test('held, it neither reads nor acts; released, it goes on', async () => {
    const file = path.join(place.workspace, 'later.txt');
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
    await waitUntil('it listens', () => api.requests.length === 1);
    run.hold();
    const events = host.events.length;
    goOn();
    await waitUntil('the answer is sent', () => api.answered === 1);
    expect(place.processes().map(({ state }) => state)).toEqual(['T']);
    expect(existsSync(file)).toBe(false);
    expect(host.events.length).toBe(events);
    run.release();
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(existsSync(file)).toBe(true);
  });

  test('finds the program, tries it where it will run, and says what it lacks', async () => {
    api = await startMessagesApi(() => sayText('unused'));
    expect(await claudeAt(api.url).check(place.sandbox)).toMatchObject({ available: true });
    expect(await createAgent('claude', { path: PATH }).check()).toMatchObject({
      available: false,
      reason: 'Claude Code has no credential',
    });
    expect(
      await createAgent('claude', { path: '/usr/bin', program: '/no/claude' }).check(),
    ).toMatchObject({ available: false, reason: 'the Claude Code program is not installed' });
  });
});
