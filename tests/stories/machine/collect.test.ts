import { assistantLine } from '@coffee-roadmap/shared/transcripts/testing/assistant-line';
import { parseLine } from '@coffee-roadmap/shared/records/parse-line';
import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { until } from '../../support/until';
import { buildCli, type Cli, type CliProgram } from '../cli/program';

let program: CliProgram;
beforeAll(() => (program = buildCli()));
afterAll(() => program.remove());

const claudeOf = (cli: Cli) => path.join(cli.home, '.claude');
const spoolOf = (cli: Cli) => path.join(cli.home, '.local/share/coffee-roadmap/spool');

async function workstation(label = 'devbox'): Promise<Cli> {
  const cli = program.as(undefined);
  await cli.json(['init', '--label', label]);
  return cli;
}

/** The lines of the spool without what is the machine's own, sorted. */
function recordsOf(cli: Cli): string[] {
  if (!existsSync(spoolOf(cli))) return [];
  return readdirSync(spoolOf(cli))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) =>
      readFileSync(path.join(spoolOf(cli), name), 'utf8')
        .split('\n')
        .slice(0, -1),
    )
    .map((line) => line.replace(/"id":"[0-9a-f-]{36}/, '"id":"'))
    .sort();
}

it('asks for an identity only where records are made or exported', async () => {
  const cli = program.as(undefined);
  for (const args of [
    ['collect'],
    ['collect', '--watch'],
    ['export'],
    ['spool'],
    ['service', 'install'],
  ]) {
    const { code, stdout, stderr } = await cli.run(args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      "error: No machine identity found. Run 'coffee-roadmap init' first.\n",
    );
  }
  expect((await cli.run(['completion', 'bash'])).code).toBe(0);
});

it('collects, exports, and goes on behind a cursor', async () => {
  const cli = await workstation();
  writeCorpus(claudeOf(cli), makeCorpus({ seed: 1 }));
  const { records } = await cli.json<{ records: number }>(['collect']);
  expect(records).toBe(recordsOf(cli).length);
  const all = await cli.run(['export']);
  const lines = all.stdout.split('\n').slice(0, -1).map(parseLine);
  expect(lines.map(({ kind }) => kind)).toEqual([
    'header',
    ...Array.from({ length: records }, () => 'record'),
    'trailer',
  ]);
  const trailer = lines.at(-1);
  const cursor = trailer?.kind === 'trailer' ? trailer.trailer.last_id! : '';
  mkdirSync(path.join(claudeOf(cli), 'projects', 'new'), { recursive: true });
  writeFileSync(path.join(claudeOf(cli), 'projects', 'new', 's1.jsonl'), assistantLine('m1'));
  const news = await cli.run(['export', '--after', cursor]);
  expect(news.stdout).toContain('"message_id":"m1"');
  expect(news.stdout.split('\n').length).toBeLessThan(8);
  expect(await cli.run(['export', '--after', 'nonsense'])).toMatchObject({ code: 2, stdout: '' });
  const unknown = cursor.replace(/[^:]*$/, 'unknown');
  const anew = await cli.run(['export', '--after', unknown, '--no-collect']);
  expect(anew.stderr).toContain('starting anew');
  expect(anew.stdout).toContain('"after_found":false');
});

it('loses and doubles nothing when it is killed again and again', async () => {
  const corpus = makeCorpus({ seed: 2, sessions: 120, messages: 20, outputSize: 4_000 });
  const calm = await workstation('calm');
  writeCorpus(claudeOf(calm), corpus);
  await calm.json(['collect']);
  const cli = await workstation('killed');
  writeCorpus(claudeOf(cli), corpus);
  for (let kill = 0; kill < 4; kill += 1) {
    const before = recordsOf(cli).length;
    const running = cli.start(['collect']);
    let over = false;
    void running.ended.then(() => (over = true));
    await until('it has written more', () => over || recordsOf(cli).length > before);
    running.kill('SIGKILL');
    await running.ended;
  }
  await cli.json(['collect']);
  // The same line of two files may stand there twice or once; what is said is the same.
  expect([...new Set(recordsOf(cli))]).toEqual([...new Set(recordsOf(calm))]);
  expect(recordsOf(cli).length).toBeLessThanOrEqual(recordsOf(calm).length);
});

it('watches: new lines, new files, new folders; and is the one that does', async () => {
  const cli = await workstation();
  const projects = path.join(claudeOf(cli), 'projects');
  mkdirSync(path.join(projects, 'a'), { recursive: true });
  writeFileSync(path.join(projects, 'a', 's1.jsonl'), assistantLine('m1'));
  const watching = cli.start(['collect', '--watch', '--json']);
  const has = (id: string) =>
    until(`${id} is spooled`, () => recordsOf(cli).join().includes(`"${id}"`));
  await has('m1');
  appendFileSync(path.join(projects, 'a', 's1.jsonl'), assistantLine('m2'));
  await has('m2');
  const torn = assistantLine('m3');
  appendFileSync(path.join(projects, 'a', 's1.jsonl'), torn.slice(0, 40));
  mkdirSync(path.join(projects, 'b', 's2', 'subagents'), { recursive: true });
  writeFileSync(path.join(projects, 'b', 's2', 'subagents', 'agent-x.jsonl'), assistantLine('m4'));
  await has('m4');
  appendFileSync(path.join(projects, 'a', 's1.jsonl'), torn.slice(40));
  await has('m3');
  expect(await cli.json(['collect'])).toMatchObject({ watched_by: expect.any(Number) });
  expect(await cli.run(['collect', '--watch'])).toMatchObject({ code: 5, stdout: '' });
  expect((await cli.run(['export'])).stdout).toContain('"m3"');
  watching.kill('SIGINT');
  const { code, stdout } = await watching.ended;
  expect(code).toBe(0);
  for (const event of stdout.trim().split('\n'))
    expect(JSON.parse(event)).toHaveProperty('records');
  expect(await cli.json(['collect'])).toMatchObject({ records: 0 });
});

const traces = spawnSync('strace', ['-V']).status === 0;
if (!traces) process.stderr.write('skipped: no strace on this machine\n');
(traces ? it : it.skip)('opens what is Claude Code’s for reading alone', async () => {
  const cli = await workstation();
  writeCorpus(claudeOf(cli), makeCorpus({ seed: 3 }));
  const log = path.join(cli.home, 'trace');
  const traced = spawnSync(
    'strace',
    [
      '-f',
      '-qq',
      '-s',
      '4096',
      '-e',
      'trace=%file',
      '-o',
      log,
      process.execPath,
      cli.file,
      'collect',
    ],
    { cwd: cli.home, env: { PATH: process.env.PATH, HOME: cli.home }, encoding: 'utf8' },
  );
  expect(traced).toMatchObject({ status: 0 });
  const touching = readFileSync(log, 'utf8')
    .split('\n')
    .filter((call) => call.includes('/.claude/'));
  expect(touching.some((call) => call.includes('.jsonl"') && call.includes('O_RDONLY'))).toBe(true);
  const looks =
    /^\d+ +(openat|open|statx|stat|lstat|newfstatat|readlink|readlinkat|access|faccessat2?|inotify_add_watch|getcwd|chdir)\(/;
  for (const call of touching) {
    expect(call).toMatch(looks);
    expect(call).not.toMatch(/O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/);
  }
});

it('shows what a service would be, and installs nothing then', async () => {
  const cli = await workstation();
  const { services } = await cli.json<{ services: { files: { content: string }[] }[] }>([
    'service',
    'install',
    '--dry-run',
  ]);
  expect(services[0]!.files[0]!.content).toContain('collect');
  expect(services).toHaveLength(1);
  const config = path.join(cli.home, '.config/coffee-roadmap');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(config, 'push.json'), '{}', { mode: 0o600 });
  const both = await cli.run(['service', 'install', '--dry-run']);
  expect(both.stdout).toContain('push --watch --no-collect');
  rmSync(path.join(config, 'push.json'));
  expect(await cli.json(['service'])).toMatchObject({
    services: [{ name: 'collect', installed: false }],
  });
});

it('installs the service, says how it is, and takes it away', async () => {
  const cli = await workstation();
  // systemd as this test has it: a service runs once it was started; `deaf` is what it fails with.
  const bin = path.join(cli.home, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh
cd '${bin}'
echo "$*" >> asked
case "$*" in *is-active*) test -e runs; exit ;; esac
test -e deaf && { cat deaf >&2; exit 1; }
case "$*" in *restart*) touch runs ;; *disable*) rm -f runs ;; esac
`;
  writeFileSync(path.join(bin, 'systemctl'), script, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env.PATH}`, CLAUDE_CONFIG_DIR: claudeOf(cli) };
  const run = (...args: string[]) => cli.run(['service', ...args], { env });

  writeFileSync(path.join(bin, 'deaf'), 'Failed to connect to bus: No medium found\n');
  const refused = await run('install');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: systemctl --user daemon-reload failed: Failed to connect/m,
  );
  expect(refused.stderr).toContain('run coffee-roadmap collect --watch by other means');
  const idle = await run();
  expect(idle.code).toBe(1);
  expect(idle.stdout).toBe('collect is installed but does not run\n');
  expect(idle.stderr).toContain('journalctl --user -u coffee-roadmap-collect');

  rmSync(path.join(bin, 'deaf'));
  for (let times = 0; times < 2; times += 1)
    expect(await run('install')).toMatchObject({
      code: 0,
      stdout: 'collect runs now, and again after each login\n',
      stderr: expect.stringContaining('loginctl enable-linger'),
    });
  const unit = path.join(cli.home, '.config/systemd/user/coffee-roadmap-collect.service');
  const text = readFileSync(unit, 'utf8');
  expect(text).toContain(`"${cli.file}" collect --watch`.replace(/"(\S+)"/, '$1'));
  expect(text).toContain(`Environment="CLAUDE_CONFIG_DIR=${claudeOf(cli)}"`);
  expect(await run('status')).toMatchObject({ code: 0, stdout: 'collect runs\n' });
  writeFileSync(unit, text.replace('Nice=10', 'Nice=11'));
  expect((await run()).stdout).toMatch(/^collect runs; another version installed it: .* install$/m);

  expect(await run('remove')).toMatchObject({ code: 0 });
  expect(existsSync(unit)).toBe(false);
  const { stdout } = await run('remove');
  expect(stdout).toContain('collect was not installed\n');
  expect((await run()).stdout).toMatch(
    /^collect is not installed: coffee-roadmap service install$/m,
  );
  expect(readFileSync(path.join(bin, 'asked'), 'utf8')).toContain(
    '--user disable --now coffee-roadmap-collect.service\n--user daemon-reload\n',
  );
});
