import { listSegments } from '@coffee-roadmap/shared/spool/segments';
import type { Paths } from '@coffee-roadmap/shared/config/paths';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../support/until';
import { buildCli, type Cli, type CliProgram } from '../cli/program';

const isThere = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const withX = ['Xvfb', 'xprop', 'xmessage', 'xdotool', 'xprintidle'].every(isThere) ? it : it.skip;

let program: CliProgram;
let cli: Cli;
const started: ChildProcess[] = [];
beforeAll(async () => {
  program = buildCli();
  cli = program.as(undefined);
  await cli.run(['init', '--label', 'desk']);
});
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  program.remove();
});

interface Seen {
  type: string;
  window_app_id?: string;
  window_title?: string | null;
  status?: string;
}

const spooled = async (): Promise<Seen[]> => {
  await cli.run(['collect']);
  const data = path.join(cli.home, '.local', 'share', 'coffee-roadmap');
  return listSegments({ data } as Paths)
    .flatMap(({ file }) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as Seen)
    .filter(({ type }) => type === 'window_focus' || type === 'afk_change');
};

it('says what is missing where no desktop is', async () => {
  const { code, stderr } = await cli.run(['hooks', 'install', 'focus'], {
    env: { DISPLAY: '', WAYLAND_DISPLAY: '' },
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--window COMMAND')]);
  expect(await cli.run(['hooks', 'watch'])).toMatchObject({ code: 1 });
  expect(await cli.json(['hooks', 'status'])).toMatchObject({ focus: { installed: false } });
});

it('records what commands of the user tell, and no more of it than is allowed', async () => {
  const front = path.join(cli.home, 'front');
  writeFileSync(front, 'org.gnome.Terminal\nsecret\ttitle\n');
  const install = ['hooks', 'install', 'focus', '--window', `cat '${front}'`, '--idle', 'echo 10'];
  expect(await cli.json(install)).toMatchObject({
    focus: { window_app_id: 'org.gnome.Terminal', idle_ms: 10 },
  });
  const watching = cli.start(['hooks', 'watch']);
  await until('the first window is there', async () => (await spooled()).length > 0);
  writeFileSync(front, 'firefox\n');
  await until('the second window is there', async () => (await spooled()).length > 1);
  watching.kill('SIGINT');
  expect(await watching.ended).toMatchObject({ code: 0 });
  const seen = await spooled();
  expect(seen.map(({ window_app_id }) => window_app_id)).toEqual(['org.gnome.Terminal', 'firefox']);
  expect(JSON.stringify(seen)).not.toContain('secret');
  expect(await cli.json(['hooks', 'remove', 'focus'])).toEqual({ focus: { removed: true } });
});

withX('records the windows of a real X display', async () => {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '640x480x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  started.push(server);
  const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer];
  const env = { DISPLAY: `:${number.toString().trim()}`, WAYLAND_DISPLAY: '' };
  const x = (file: string, ...args: string[]): string =>
    spawnSync(file, args, { encoding: 'utf8', env: { ...process.env, ...env } }).stdout;
  const open = async (name: string): Promise<string> => {
    const options = { env: { ...process.env, ...env }, stdio: 'ignore' } as const;
    started.push(spawn('xmessage', ['-title', name, name], options));
    let id = '';
    await until(`${name} is open`, () => {
      id = x('xdotool', 'search', '--name', `^${name}$`).trim().split('\n')[0] ?? '';
      return Promise.resolve(id !== '');
    });
    x('xprop', '-id', id, '-f', '_NET_WM_NAME', '8u', '-set', '_NET_WM_NAME', `"${name}" é\t1`);
    return id;
  };
  // What a window manager does; none runs here.
  const bringToFront = (id: string): string =>
    x('xprop', '-root', '-f', '_NET_ACTIVE_WINDOW', '32x', '-set', '_NET_ACTIVE_WINDOW', id);
  const [one, two] = [await open('one'), await open('two')];
  bringToFront(one);
  x('xdotool', 'key', 'a');
  const before = (await spooled()).length;
  const installed = await cli.json<{ focus: { window_app_id: string; idle_ms: number } }>(
    ['hooks', 'install', 'focus', '--titles'],
    { env },
  );
  expect(installed.focus.window_app_id).toBe('Xmessage');
  expect(installed.focus.idle_ms).toBeGreaterThanOrEqual(0);
  // The service has no shell's environment.
  const watching = cli.start(['hooks', 'watch']);
  await watching.said(/Xmessage/);
  bringToFront(two);
  await watching.said(/Xmessage[^]*Xmessage/);
  watching.kill('SIGTERM');
  await watching.ended;
  const titles = (await spooled()).slice(before).map(({ window_title }) => window_title);
  expect(titles.map((title) => title?.slice(0, 5))).toEqual(['"one"', '"two"']);
  expect(await cli.run(['hooks', 'status'])).toMatchObject({
    stdout: expect.stringContaining('focus: Xmessage is in front; absence is seen') as string,
  });
});
