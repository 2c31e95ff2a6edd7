import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTeam, type Team } from '../cli/team';

let team: Team;
let folder: string;
beforeAll(async () => {
  team = await createTeam();
  await team.project('shop');
  folder = path.join(team.ada.cli.home, 'shop', 'src');
  mkdirSync(folder, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: path.dirname(folder) });
});
afterAll(() => team.close());

const mcp = (...args: string[]) => team.ada.cli.json(['mcp', ...args], { cwd: folder });
const file = (): string => path.join(path.dirname(folder), '.mcp.json');
const loginFile = (): string =>
  path.join(team.ada.cli.home, '.config', 'coffee-roadmap', 'agent.json');
const servers = (): Record<string, unknown> =>
  (JSON.parse(readFileSync(file(), 'utf8')) as { mcpServers: Record<string, unknown> }).mcpServers;

it('shows what it would write and changes nothing with --dry-run, or where nobody says yes', async () => {
  const shown = await team.ada.cli.run(['mcp', 'install', '--dry-run'], { cwd: folder });
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('"coffee-roadmap"') });
  expect(shown.stdout).toContain(file());
  const asked = await team.ada.cli.run(['mcp', 'install'], { cwd: folder });
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect([existsSync(file()), existsSync(loginFile())]).toEqual([false, false]);
  expect(await mcp('list')).toEqual({ agents: [] });
});

it('adds itself to what is there, keeps the secret in a file of one’s own, and repeats without a change', async () => {
  const other = { command: 'other', args: [], env: { A: '1' } };
  writeFileSync(file(), JSON.stringify({ note: 'ours', mcpServers: { other } }));
  expect(await mcp('install', '--yes', '--project', 'shop')).toMatchObject({
    scope: 'project',
    file: file(),
    installed: true,
    login_made: true,
  });
  expect(servers()).toEqual({
    other,
    'coffee-roadmap': {
      type: 'stdio',
      command: process.execPath,
      args: [team.ada.cli.file, 'mcp', 'serve', '--project', 'shop'],
    },
  });
  const { database_url } = JSON.parse(readFileSync(loginFile(), 'utf8')) as {
    database_url: string;
  };
  const password = new URL(database_url).password;
  expect(password.length).toBeGreaterThan(30);
  expect(readFileSync(file(), 'utf8')).not.toContain(password);
  expect(statSync(loginFile()).mode & 0o777).toBe(0o600);

  const before = readFileSync(file(), 'utf8');
  expect(await mcp('install', '--yes', '--project', 'shop')).toMatchObject({ login_made: false });
  expect(readFileSync(file(), 'utf8')).toBe(before);
  expect((await mcp('list')).agents).toHaveLength(1);
});

it('makes a new password where the login does not work any more', async () => {
  const kept = JSON.parse(readFileSync(loginFile(), 'utf8')) as { database_url: string };
  const url = new URL(kept.database_url);
  url.username = 'agent_gone';
  writeFileSync(loginFile(), JSON.stringify({ ...kept, database_url: url.href }));
  expect(await mcp('install', '--yes')).toMatchObject({ login_made: true });
  expect((await mcp('list')).agents).toHaveLength(1);
});

it('takes away only itself, and the login when it is told to', async () => {
  expect(await mcp('remove')).toMatchObject({ removed: true });
  expect(Object.keys(servers())).toEqual(['other']);
  expect(await mcp('remove')).toMatchObject({ removed: false });
  expect(await mcp('remove', '--login', '--yes')).toMatchObject({ removed: true });
  expect(existsSync(loginFile())).toBe(false);
  expect(await mcp('list')).toEqual({ agents: [] });
});

it('leaves a file alone that is none of ours', async () => {
  writeFileSync(file(), '{ not json');
  const result = await team.ada.cli.run(['mcp', 'install', '--yes'], { cwd: folder });
  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing was changed') });
  expect(readFileSync(file(), 'utf8')).toBe('{ not json');
  expect(existsSync(loginFile())).toBe(false);
});
