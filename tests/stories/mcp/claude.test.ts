import { findClaudeHere } from '@coffee-roadmap/shared/agents/claude/find-claude';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { addItem } from '@coffee-roadmap/shared/roadmap/queries';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  callTool,
  claudeTitle,
  describeClaude,
  follow,
  PATH,
  sayText,
  toolResults,
} from '../../agents/claude-runs';
import { startMessagesApi, type MessagesApi, type Script } from '../../support/messages-api';
import { until } from '../../support/until';
import { createTeam, type Team } from '../cli/team';

describeClaude(claudeTitle('the Claude Code program with these tools'), () => {
  let team: Team;
  let folder: string;
  let api: MessagesApi | undefined;
  beforeAll(async () => {
    team = await createTeam();
    const projectId = await team.project('shop');
    await addItem(team.ada.session, { projectId, title: 'Greet by name' });
    folder = path.join(team.ada.cli.home, 'shop');
    mkdirSync(folder);
  });
  afterEach(() => api?.close());
  afterAll(() => team.close());

  interface Ended {
    code: number | null;
    stdout: string;
  }
  const environment = (): Record<string, string> => ({
    HOME: team.ada.cli.home,
    PATH,
    ANTHROPIC_API_KEY: 'not-a-real-key',
    ANTHROPIC_BASE_URL: api?.url ?? 'http://127.0.0.1:9',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // It goes on without a server that is not there within seconds; a busy machine takes longer.
    MCP_TIMEOUT: '60000',
    MCP_CONNECT_TIMEOUT_MS: '60000',
    MCP_CONNECTION_NONBLOCKING: '0',
  });

  async function claude(script: Script, ...more: string[]): Promise<Promise<Ended>[]> {
    api = await startMessagesApi(script);
    const args = ['-p', 'Greet people.', '--output-format', 'json', ...more];
    const child = spawn(findClaudeHere({ path: PATH })!, args, {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    // In a list, so that awaiting the start does not await the end.
    return [new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout })))];
  }

  async function answerNext(title: string, words: string): Promise<Notification> {
    let open: Notification | undefined;
    await until(
      title,
      async () => {
        const pending = await listNotifications(team.ada.session, { open: true });
        open = pending.find((note) => note.title === title);
        return open !== undefined;
      },
      60_000,
    );
    const { code } = await team.ada.cli.run(['respond', String(open!.id), words]);
    expect(code).toBe(0);
    return open!;
  }
  const results = (): string[] => toolResults(api!.requests.at(-1)!);

  it('reads the roadmap, asks a person and goes on with the answer', async () => {
    await team.ada.cli.json(['mcp', 'install', '--yes'], { cwd: folder });
    const [ended] = await claude(
      follow(
        callTool('mcp__coffee-roadmap__roadmap_list', {}),
        callTool('mcp__coffee-roadmap__ask_person', {
          question: 'Which greeting?',
          options: [{ label: 'Hello' }, { label: 'Servus' }],
          item: '1',
        }),
        sayText('thanks'),
      ),
      ...['--mcp-config', path.join(folder, '.mcp.json'), '--strict-mcp-config'],
      ...['--allowedTools', 'mcp__coffee-roadmap'],
    );
    const note = await answerNext('Which greeting?', 'servus');
    expect(note).toMatchObject({ number: '1', asked_by_name: expect.stringContaining('Ada') });
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('thanks') });
    expect(results()[0]).toContain('Greet by name');
    expect(results()[1]).toMatch(/Servus.*Ada/s);
  });

  it('puts its permission prompts and questions to people', async () => {
    const command = 'npm root > made.txt';
    const questions = [
      {
        question: 'Which colour?',
        header: 'Colour',
        multiSelect: false,
        options: [
          { label: 'Red', description: 'warm' },
          { label: 'Blue', description: 'cold' },
        ],
      },
    ];
    const [ended] = await claude(
      follow(
        callTool('Bash', { command, description: 'Writes the folder' }),
        callTool('Bash', { command: 'npm publish', description: 'Publishes' }),
        callTool('AskUserQuestion', { questions }),
        sayText('done'),
      ),
      ...['--mcp-config', path.join(folder, '.mcp.json'), '--strict-mcp-config'],
      ...['--permission-prompt-tool', 'mcp__coffee-roadmap__approve'],
    );
    expect((await answerNext('May the agent run this command?', 'Allow once')).message).toContain(
      command,
    );
    await answerNext('May the agent run this command?', 'Never from here.');
    await answerNext('Colour: Which colour?', 'Blue');
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('done') });
    expect(existsSync(path.join(folder, 'made.txt'))).toBe(true);
    expect(results()[1]).toContain('Never from here.');
    expect(results()[2]).toContain('"Which colour?"="Blue"');
  });

  it('is told by install --user, and forgets with remove --user', async () => {
    const written = path.join(team.ada.cli.home, '.claude.json');
    const servers = (): object =>
      (JSON.parse(readFileSync(written, 'utf8')) as { mcpServers?: object }).mcpServers ?? {};
    const env = { PATH };
    await team.ada.cli.json(['mcp', 'install', '--user', '--yes'], { env });
    expect(servers()).toMatchObject({ 'coffee-roadmap': { type: 'stdio' } });
    await team.ada.cli.json(['mcp', 'remove', '--user'], { env });
    expect(servers()).toEqual({});
  });
});
