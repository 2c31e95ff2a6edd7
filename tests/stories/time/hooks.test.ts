import { listSegments } from '@coffee-roadmap/shared/spool/segments';
import type { Paths } from '@coffee-roadmap/shared/config/paths';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { until } from '../../support/until';
import { buildCli, type Cli, type CliProgram } from '../cli/program';

let program: CliProgram;
let cli: Cli;
beforeAll(async () => {
  program = buildCli();
  cli = program.as(undefined);
  await cli.run(['init', '--label', 'desk']);
});
afterAll(() => {
  tmux('kill-server');
  program.remove();
});

interface Spooled {
  type: string;
  pane_id?: string;
  tmux_session?: string;
  folder?: string;
  git_branch?: string;
  git_project?: string;
  actor?: string;
  commit?: string;
}

const state = () => path.join(cli.home, '.local', 'state', 'coffee-roadmap');
const data = () => path.join(cli.home, '.local', 'share', 'coffee-roadmap');
const rawLog = () => path.join(state(), 'hooks', 'events.log');
const rawLines = () => (existsSync(rawLog()) ? readFileSync(rawLog(), 'utf8').split('\n') : []);
const spooled = async (type: string): Promise<Spooled[]> => {
  await cli.run(['collect']);
  const lines = listSegments({ data: data() } as Paths).flatMap(({ file }) =>
    readFileSync(file, 'utf8').split('\n').filter(Boolean),
  );
  return lines.map((line) => JSON.parse(line) as Spooled).filter((one) => one.type === type);
};
const environment = () => ({
  ...{ PATH: process.env.PATH, HOME: cli.home, TMUX_TMPDIR: cli.home, TERM: 'xterm' },
  ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b' },
  ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
});
const run = (file: string, args: string[], cwd = cli.home, env: object = {}) =>
  spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    env: { ...environment(), ...env } as NodeJS.ProcessEnv,
  });
const tmux = (...args: string[]) => run('tmux', args);

const canary = () => path.join(cli.home, 'canary');
const hostile = () =>
  `it's "$(touch ${canary()})" \`touch ${canary()}\`; touch ${canary()} #{pane_id} %1\\`;

it('records commits and checkouts, runs the hooks that were there, and fails no commit', async () => {
  const repository = path.join(cli.home, "a repo's $(touch canary)");
  mkdirSync(repository, { recursive: true });
  const git = (args: string[], env: object = {}) => run('git', args, repository, env);
  git(['init', '-q', '-b', 'main']);
  git(['remote', 'add', 'origin', 'https://user:secret@example.org/us/shop.git']);
  const before = path.join(repository, '.git', 'hooks', 'post-commit');
  mkdirSync(path.dirname(before), { recursive: true });
  writeFileSync(before, '#!/bin/sh\necho ran >> "$(git rev-parse --show-toplevel)/ran"\n');
  chmodSync(before, 0o755);
  const install = () => cli.run(['hooks', 'install', 'git'], { cwd: repository });
  expect(await install()).toMatchObject({ code: 0 });
  expect(await install()).toMatchObject({ code: 0 }); // twice is once
  const branch = `x'$(touch${'$'}{IFS}canary)';"y"`;
  expect(git(['commit', '-q', '--allow-empty', '-m', 'one'], { CLAUDECODE: '1' }).status).toBe(0);
  expect(git(['checkout', '-q', '-b', branch]).status).toBe(0);
  expect(git(['commit', '-q', '--allow-empty', '-m', 'two'], { TERM_PROGRAM: 'x' }).status).toBe(0);
  expect(readFileSync(path.join(repository, 'ran'), 'utf8')).toBe('ran\nran\n');

  const commits = await spooled('git_commit');
  const head = git(['rev-parse', 'HEAD']).stdout.trim();
  expect(commits).toEqual([
    expect.objectContaining({
      actor: 'agent',
      git_branch: 'main',
      git_project: 'example.org/us/shop',
    }),
    expect.objectContaining({
      actor: 'person',
      git_branch: branch,
      commit: head,
      folder: repository,
    }),
  ]);
  expect(await spooled('git_checkout')).toHaveLength(1);
  expect(JSON.stringify(commits)).not.toContain('secret');
  expect(readdirSync(repository)).not.toContain('canary');

  // Without a place to write to a commit is a commit.
  writeFileSync(path.join(state(), 'hooks', 'x'), '');
  chmodSync(rawLog(), 0o400);
  mkdirSync(path.join(cli.home, 'elsewhere'));
  run('mv', [path.join(state(), 'hooks'), path.join(cli.home, 'elsewhere')]);
  const without = git(['commit', '--allow-empty', '-m', 'three']);
  expect([without.status, without.stderr]).toEqual([0, '']);
  run('mv', [path.join(cli.home, 'elsewhere', 'hooks'), state()]);
  expect(await cli.json(['hooks', 'status'])).toMatchObject({ git: [{ working: true }] });
  expect(await cli.run(['hooks', 'remove', 'git'], { cwd: repository })).toMatchObject({ code: 0 });
  expect(readFileSync(before, 'utf8')).toContain('echo ran');
  chmodSync(rawLog(), 0o600);
});

it('records commits of all repositories, and runs their own hooks and those that were set before', async () => {
  const make = (name: string): string => {
    const folder = path.join(cli.home, name);
    run('git', ['init', '-q', '-b', 'main', folder]);
    return folder;
  };
  const commit = (folder: string) =>
    run('git', ['commit', '-q', '--allow-empty', '-m', 'x'], folder, { CLAUDECODE: '1' });
  const hook = (folder: string, name: string, text: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  const env = environment() as Record<string, string>;
  const everywhere = (verb: string) => cli.run(['hooks', verb, 'git', '--global'], { env });
  const global = () => run('git', ['config', '--global', 'core.hooksPath']).stdout.trim();
  const plain = make('plain repo');
  const own = path.join(plain, '.git', 'hooks');
  hook(own, 'post-commit', 'echo own >> ran');
  hook(own, 'commit-msg', 'grep -q forbidden "$1" && exit 1; exit 0');
  expect(await everywhere('install')).toMatchObject({ code: 0 });
  expect(await everywhere('install')).toMatchObject({ code: 0 }); // twice is once
  expect(await cli.json(['hooks', 'status'], { env })).toMatchObject({ git_everywhere: true });
  const counted = async () => (await spooled('git_commit')).map(({ folder }) => folder);
  expect(commit(plain)).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(path.join(plain, 'ran'), 'utf8')).toBe('own\n');
  const refused = run('git', ['commit', '-q', '--allow-empty', '-m', 'forbidden'], plain);
  expect(refused.status).toBe(1);
  expect((await counted()).filter((folder) => folder === plain)).toHaveLength(1);

  // One that has ours already records once; removed, everything is as it was.
  const both = make('both');
  expect(await everywhere('remove')).toMatchObject({ code: 0 });
  expect([global(), existsSync(path.join(state(), 'hooks', 'git'))]).toEqual(['', false]);
  await cli.run(['hooks', 'install', 'git'], { cwd: both, env });
  const theirs = path.join(cli.home, 'their hooks');
  run('git', ['config', '--global', 'core.hooksPath', theirs]);
  hook(theirs, 'post-commit', 'echo theirs >> ran');
  await everywhere('install');
  expect(commit(both).status).toBe(0);
  expect(readFileSync(path.join(both, 'ran'), 'utf8')).toBe('theirs\n');
  expect((await counted()).filter((folder) => folder === both)).toHaveLength(1);
  await everywhere('remove');
  expect(global()).toBe(theirs);
  run('git', ['config', '--global', '--unset', 'core.hooksPath']);
  await everywhere('install');
  expect(commit(both).status).toBe(0);
  expect((await counted()).filter((folder) => folder === both)).toHaveLength(2);
  await everywhere('remove');
});

it('remembers every repository, also of several that are told at once', async () => {
  const folders = ['one', 'two', 'three', 'four'].map((name) => path.join(cli.home, name));
  for (const folder of folders) run('git', ['init', '-q', folder]);
  const told = (verb: string) =>
    Promise.all(folders.map((folder) => cli.run(['hooks', verb, 'git', folder])));
  const known = async (): Promise<string[]> => {
    const { git } = await cli.json<{ git: { folder: string }[] }>(['hooks', 'status']);
    return git.map(({ folder }) => path.dirname(path.dirname(folder)));
  };
  const before = await known();
  await told('install');
  expect(await known()).toEqual([...before, ...folders].sort());
  await told('remove');
  expect(await known()).toEqual(before);
});

it('records panes of a real tmux, whatever they are called', async () => {
  const name = hostile().replaceAll(/[.:]/g, '');
  const folder = path.join(cli.home, 'w $(touch canary)');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(cli.home, '.tmux.conf'),
    'set-hook -g after-select-pane "set-option -g @theirs ran"\n',
  );
  expect(
    await cli.run(['hooks', 'install', 'tmux'], { env: { TMUX_TMPDIR: cli.home } }),
  ).toMatchObject({ code: 0 });
  tmux('kill-server'); // of a try before this one
  const started = tmux('new-session', '-d', '-s', name, '-c', folder, 'sleep 1000');
  expect([started.status, started.stderr]).toEqual([0, '']);
  expect(tmux('split-window', '-c', folder, 'sleep 1000').status).toBe(0);
  const isRecorded = (sign: string) => () =>
    rawLines().some((line) => line.startsWith('tmux\t') && line.includes(`\t${sign}\t`));
  tmux('select-pane', '-t', ':.0');
  await until('a focus is recorded', isRecorded('focus'));
  tmux('copy-mode');
  await until('a scroll is recorded', isRecorded('scroll'));
  expect(tmux('show-option', '-gv', '@theirs').stdout).toBe('ran\n');
  const panes = await spooled('tmux_pane_focus');
  expect(panes.length).toBeGreaterThan(0);
  const session = tmux('display-message', '-p', '#{session_name}').stdout.trimEnd();
  expect(panes[0]).toMatchObject({ folder, tmux_session: session });
  expect(panes[0]!.pane_id).toMatch(/^%\d+$/);
  expect(existsSync(canary())).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(path.join(cli.home, 'canary'))).toBe(false);

  await cli.run(['hooks', 'remove', 'tmux'], { env: { TMUX_TMPDIR: cli.home } });
  expect(readFileSync(path.join(cli.home, '.tmux.conf'), 'utf8')).toBe(
    'set-hook -g after-select-pane "set-option -g @theirs ran"\n',
  );
  expect(tmux('show-hooks', '-g').stdout).not.toContain('tmux.sh');
});

it('takes two signs of one pane within half a second for one, and passes over what no hook wrote', async () => {
  const lines = [
    'tmux\t1772445600000000000\tfocus\t%7\t/w/shop\tmain\t0',
    'tmux\t1772445600400000000\tscroll\t%7\t/w/shop\tmain\t0',
    'tmux\t1772445600400000000\tfocus\t%8\t/w/shop\tmain\t0',
    'tmux\t1772445600900000000\tfocus\t%7\t/w/shop\tmain\t0',
    'tmux\tnow\tfocus\t%7\t/w/shop\tmain\t0',
    'nonsense',
    'tmux\t1772445601900000000\tfocus\t%9',
  ];
  writeFileSync(rawLog(), `${lines.join('\n')}`, { flag: 'a' });
  const found = (await spooled('tmux_pane_focus')).filter(({ folder }) => folder === '/w/shop');
  expect(found.map(({ pane_id }) => pane_id)).toEqual(['%7', '%8', '%7']);
});
