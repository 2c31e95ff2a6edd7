import { createToolServer, type ToolServer } from '@coffee-roadmap/shared/agent-tools/tool-server';
import { createAgent } from '@coffee-roadmap/shared/agents/registry';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  callTool,
  claudeAt,
  claudeTitle,
  describeClaude,
  follow,
  PATH,
  sayText,
  toolResults,
  useClaude,
} from './claude-runs';

describeClaude(claudeTitle('the Claude Code program'), () => {
  const claude = useClaude();
  const { start } = claude;

  test.each([
    ['without bubblewrap', false],
    ['with bubblewrap where it works', true],
  ])('edits a file without asking, and reports every call, %s', async (_, bubblewrap) => {
    await claude.placeAnew({ bubblewrap });
    const file = path.join(claude.place.workspace, 'greeting.txt');
    const { run, host } = await start(
      follow(
        callTool('Write', { file_path: file, content: 'Hello, Ada\n' }),
        sayText('It is done.'),
      ),
    );
    expect(await run.outcome).toEqual({ kind: 'finished', summary: 'It is done.' });
    expect(await claude.place.read('greeting.txt')).toBe('Hello, Ada\n');
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

  test('calls the tools of its host without asking, with nothing of them in the sandbox', async () => {
    const asked: unknown[] = [];
    const createTools = (): ToolServer => {
      const server = createToolServer('1', 'Of a test.');
      const about = { description: 'Asks.', input: { question: z.string() } };
      server.tool('ask_person', about, (given) => {
        asked.push(given);
        return Promise.resolve({ answer: 'Hello, Ada' });
      });
      return server;
    };
    const tool = 'mcp__coffee-roadmap__ask_person';
    const { run, host } = await start(
      follow(callTool(tool, { question: 'Which greeting?' }), callTool(tool, {}), sayText('done')),
      undefined,
      {},
      { createTools },
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(asked).toEqual([{ question: 'Which greeting?' }]);
    expect(host.questions).toEqual([]);
    const results = toolResults(claude.api.requests.at(-1)!);
    expect(results[0]).toContain('Hello, Ada');
    expect(results[1]).toMatch(/invalid|required/i);
  });

  test('asks a person before it runs a command, and runs it when allowed', async () => {
    const bash = { command: 'npm root > made.txt', description: 'Writes the folder' };
    const { run, host } = await start(follow(callTool('Bash', bash), sayText('ran it')), () =>
      existsSync(path.join(claude.place.workspace, 'made.txt')) ? 'Deny' : 'Allow once',
    );
    expect(await run.outcome).toMatchObject({ kind: 'finished' });
    expect(existsSync(path.join(claude.place.workspace, 'made.txt'))).toBe(true);
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
    expect(existsSync(path.join(claude.place.workspace, 'made.txt'))).toBe(false);
    expect(toolResults(claude.api.requests.at(-1)!)[0]).toContain('Never publish from here.');
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
    const outside = path.join(claude.place.home, 'note.txt');
    const settings = path.join(claude.place.workspace, '.claude', 'settings.json');
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
    expect(toolResults(claude.api.requests.at(-1)!)[0]).toContain(
      '"Which greeting?"="Servus", "Which languages?"="Hello, Good morning"',
    );
  });

  test('finds the program, tries it where it will run, and says what it lacks', async () => {
    expect(await claudeAt('http://127.0.0.1:9').check(claude.place.sandbox)).toMatchObject({
      available: true,
    });
    expect(await createAgent('claude', { path: PATH }).check()).toMatchObject({
      available: false,
      reason: 'Claude Code has no credential',
    });
    expect(
      await createAgent('claude', { path: '/usr/bin', program: '/no/claude' }).check(),
    ).toMatchObject({ available: false, reason: 'the Claude Code program is not installed' });
  });
});
