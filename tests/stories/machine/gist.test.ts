import { readPrivateJson, writePrivateJson } from '@coffee-roadmap/shared/config/private-file';
import { saveAutoSync } from '@coffee-roadmap/shared/roads/auto-sync';
import { startGistApi, TOKEN, type GistApi } from '@coffee-roadmap/shared/gist/testing/gist-api';
import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { query } from '../../support/database';
import type { Cli } from '../cli/program';
import { createTeam, type Team } from '../cli/team';
import { initIn, pathsIn } from './hub';

interface Counts {
  inserted: number;
  duplicate: number;
  refused: number;
}
interface Pushed {
  sent: number;
  changed: boolean;
  records: number;
}

let team: Team;
let api: GistApi;
let bare: string;
/** Both are Ada's; the laptop has no database. */
let devbox: Cli;
let laptop: Cli;
const off = { COFFEE_ROADMAP_KEYRING: 'off' };

beforeAll(async () => {
  team = await createTeam();
  api = await startGistApi();
  devbox = team.ada.cli;
  laptop = team.program.as(undefined);
  bare = path.join(team.program.folder, 'usage.git');
  execFileSync('git', ['init', '--quiet', '--bare', bare]);
  for (const [seed, cli] of [devbox, laptop].entries()) {
    writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed, sessions: 6, messages: 6 }));
    initIn(cli.home, seed === 0 ? 'devbox' : 'laptop');
  }
});
afterAll(async () => {
  await api.close();
  await team.close();
});

const settingsOf = ({ home }: Cli): string => path.join(pathsIn(home).config, 'gist.json');
/** What stands in a person's transcripts: names, sizes, times. */
const claudeOf = (cli: Cli): string[] => {
  const folder = path.join(cli.home, '.claude');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { size, mtimeMs } = statSync(path.join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
};
const rows = async (): Promise<number> =>
  (await query<{ n: number }>(team.database.superuserUrl, USAGE))[0]!.n;
const USAGE = `select ((select count(*) from coffee.usage_records)
  + (select count(*) from coffee.phrase_records) + (select count(*) from coffee.activity_events))::int as n`;

it('says what to set up first', async () => {
  const { code, stderr } = await devbox.run(['gist', 'push']);
  expect([code, stderr]).toEqual([
    1,
    'error: no gist or git remote is set up yet\nhint:  coffee-roadmap gist setup\n',
  ]);
});

it('brings two machines together over a bare repository, into one database', async () => {
  const before = claudeOf(laptop);
  await devbox.json(['gist', 'setup', '--remote', bare]);
  writePrivateJson(settingsOf(laptop), readPrivateJson(settingsOf(devbox))!);
  const sent = await laptop.json<Pushed>(['gist', 'push']);
  expect(sent.sent).toBeGreaterThan(20);
  expect(await laptop.json<Pushed>(['gist', 'push'])).toMatchObject({ sent: 0, changed: false });
  const both = await devbox.json<{ push: Pushed; pull: Counts & { machines: object[] } }>([
    'gist',
    'sync',
  ]);
  expect(both.push.sent).toBeGreaterThan(20);
  expect(both.pull).toMatchObject({ refused: 0, refused_files: [] });
  expect(both.pull.machines).toHaveLength(2);
  expect(both.pull.inserted).toBeGreaterThan(20);
  const count = await rows();
  const [again, status] = await Promise.all([
    devbox.json<Counts>(['gist', 'pull']),
    devbox.json<{ waiting: number; machines: { label: string }[] }>(['gist']),
  ]);
  expect(again).toMatchObject({ inserted: 0, refused: 0 });
  expect(await rows()).toBe(count);
  expect(claudeOf(laptop)).toEqual(before);
  expect(status.waiting).toBe(0);
  expect(status.machines.map(({ label }) => label).sort()).toEqual(['devbox', 'laptop']);
});

it('lets auto-sync send and fetch by the git remote, once it was told so', async () => {
  writeCorpus(path.join(laptop.home, '.claude'), makeCorpus({ seed: 8, sessions: 2 }));
  interface Round {
    attempts: { road: string; state: string; sent?: number }[];
  }
  const run = (cli: Cli): Promise<Round> => cli.json<Round>(['auto-sync', 'run']);
  for (const { home } of [laptop, devbox])
    saveAutoSync(pathsIn(home), { on: true, order: ['git'] });
  const closed = await laptop.run(['auto-sync', 'run']);
  expect([closed.code, closed.stderr]).toEqual([1, expect.stringContaining('gist auto-sync on')]);
  await laptop.json(['gist', 'auto-sync', 'on']);
  writePrivateJson(settingsOf(devbox), readPrivateJson(settingsOf(laptop))!);
  const before = await rows();
  const { attempts } = await run(laptop);
  expect(attempts).toMatchObject([{ road: 'git', state: 'done' }, { state: 'not_set_up' }]);
  expect(attempts[0]!.sent).toBeGreaterThan(5);
  const fetched = [
    { road: 'git', state: 'done', sent: 0 },
    { road: 'git (fetch)', state: 'done' },
  ];
  const root = (text: string) => query(team.database.superuserUrl, text);
  await root('revoke execute on function coffee.hold_time() from coffee_user');
  const stale = await devbox
    .run(['auto-sync', 'run', '--json'])
    .finally(() => root('grant execute on function coffee.hold_time() to coffee_user'));
  expect([stale.code, stale.stderr, JSON.parse(stale.stdout)]).toMatchObject([
    1,
    expect.stringContaining('working time is not computed: '),
    { attempts: [...fetched, { road: 'working time', state: 'failed' }] },
  ]);
  expect(await rows()).toBeGreaterThan(before); // they came all the same
  expect((await run(devbox)).attempts).toMatchObject(fetched);
  renameSync(bare, `${bare}.away`);
  const away = await devbox
    .run(['auto-sync', 'run'])
    .finally(() => renameSync(`${bare}.away`, bare));
  expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('gist info')]);
  const status = await devbox.json<{ machines: { road: string; problem: string | null }[] }>([
    'status',
  ]);
  expect(status.machines.find(({ problem }) => problem !== null)).toMatchObject({
    road: 'git',
    problem: expect.stringContaining('does not appear to be a git repository') as string,
  });
});

it('restores a day from git’s history into a named folder, and writes over nothing', async () => {
  const [{ date }] = (
    await laptop.json<{ backups: [{ date: string }] }>(['gist', 'backup', 'list'])
  ).backups;
  const to = path.join(team.program.folder, 'restored');
  const { files } = await laptop.json<{ files: string[] }>([
    'gist',
    'backup',
    'restore',
    date,
    '--to',
    to,
  ]);
  expect(files.length).toBeGreaterThan(4);
  expect(readdirSync(to).sort()).toEqual([...files].sort());
  const [again, none] = await Promise.all([
    laptop.run(['gist', 'backup', 'restore', date, '--to', to]),
    laptop.run(['gist', 'backup', 'restore', '2001-01-01', '--to', `${to}2`]),
  ]);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is not empty')]);
  expect([none.code, existsSync(`${to}2`)]).toEqual([1, false]);
});

it('does not mix with a repository that holds something else', async () => {
  const other = path.join(team.program.folder, 'work');
  mkdirSync(other);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-C', other, ...args]);
  git('init', '--quiet', '-b', 'main');
  git('commit', '--quiet', '--allow-empty', '-m', 'x');
  execFileSync('sh', ['-c', 'echo x > main.c'], { cwd: other });
  git('add', '.');
  git('commit', '--quiet', '-m', 'y');
  const cli = team.program.as(undefined);
  const [{ code, stderr }] = await Promise.all([
    cli.run(['gist', 'setup', '--remote', other]),
    team.program.as(undefined).json(['gist', 'setup', '--remote', other, '--branch', 'records']),
  ]);
  expect([code, stderr]).toEqual([5, expect.stringContaining('holds other files')]);
});

it('shares over a gist with a token that nobody sees, by auto-sync too', async () => {
  const { cli } = await team.person('Ben');
  const run = (args: string[], input?: string) =>
    cli.run(args, { env: off, ...(input !== undefined && { input }) });
  initIn(cli.home, 'third');
  writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed: 3, sessions: 2 }));
  const set = await run(['gist', 'set-token'], `${TOKEN}\n`);
  expect([set.code, set.stderr]).toEqual([
    0,
    expect.stringContaining('COFFEE_ROADMAP_KEYRING is off; the token stands in'),
  ]);
  const file = path.join(cli.home, '.config/coffee-roadmap/gist-token.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const typed = await run(['gist', 'set-token', TOKEN]);
  expect(typed.stderr).toContain('in process lists');
  const made = await run(['gist', 'setup', '--api', api.url, '--retention', '7', '--json']);
  expect(made.code).toBe(0);
  const gist = [...api.gists.values()].at(-1)!;
  expect([gist.public, JSON.parse(made.stdout)]).toEqual([false, { gist: gist.id, api: api.url }]);
  const settings = readPrivateJson<object>(settingsOf(cli));
  expect(settings).toMatchObject({ retention_days: 7 });
  const pushed = await run(['gist', 'push', '--format', 'v1']);
  expect([pushed.code, pushed.stdout]).toEqual([0, expect.stringContaining('Done: ')]);
  expect([...gist.versions.at(-1)!.files.keys()]).toContain('usage_data_third.json');
  writePrivateJson(settingsOf(cli), { ...settings, auto_sync: true });
  saveAutoSync(pathsIn(cli.home), { on: true, order: ['direct', 'gist'] });
  writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed: 4, sessions: 2 }));
  const away = { ...off, DATABASE_URL: 'postgres://ben:x@127.0.0.1:9/gone' };
  const stuck = await cli.run(['auto-sync', 'run', '--json'], { env: away });
  expect([stuck.code, JSON.parse(stuck.stdout)]).toMatchObject([
    0,
    {
      attempts: [
        { road: 'direct', state: 'unreachable' },
        { road: 'gist', state: 'done' },
        { road: 'gist (fetch)', state: 'unreachable' },
      ],
    },
  ]);
  saveAutoSync(pathsIn(cli.home), { order: ['gist'] });
  const round = await run(['auto-sync', 'run', '--json']);
  const { attempts } = JSON.parse(round.stdout) as { attempts: { counts: Counts }[] };
  expect(attempts).toMatchObject([
    { road: 'gist', state: 'done', sent: 0 },
    { road: 'gist (fetch)', state: 'done', counts: { refused: 0 } },
  ]);
  expect(attempts[1]!.counts.inserted).toBeGreaterThan(20);
  await run(['gist', 'backup', 'create']);
  const listed = await run(['gist', 'backup', 'list', '--json']);
  expect((JSON.parse(listed.stdout) as { backups: object[] }).backups).toHaveLength(1);
  api.failures = [{ status: 403, message: `no ${TOKEN}` }];
  const refused = await run(['gist', 'status']);
  expect(refused.code).toBe(3);
  const said = [set, typed, made, pushed, stuck, round, listed, refused].map(
    ({ stdout, stderr }) => stdout + stderr,
  );
  expect(said.join('')).not.toContain(TOKEN);
  expect(readFileSync(file, 'utf8')).toContain(TOKEN);
  const forced = await run(['gist', 'push', '--force', '--yes']);
  expect([forced.code, forced.stderr]).toEqual([0, expect.stringContaining('This overwrites')]);
});
