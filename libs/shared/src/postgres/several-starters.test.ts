import {
  chownSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { query } from '../../../../tests/support/database';
import { findBinaries } from './binaries';
import { findPostmaster } from './postmaster';
import { TrialFolder } from './testing/trial-folder';
import { trialProgram } from './testing/trial-process';

const trial = new TrialFolder();
const startElsewhere = trialProgram(trial.path);
afterAll(() => trial.remove());

const ONE = [{ one: 1 }];

describe('several processes', () => {
  it('that start the same new cluster at once get one server', async () => {
    const dataDir = trial.dataDir('at once');
    const starts = Array.from({ length: 3 }, () => startElsewhere({ dataDir }).outcome);
    const servers = (await Promise.all(starts)).map((outcome) => outcome.server!);
    expect(servers.filter((server) => !server.reused)).toHaveLength(1);
    expect(new Set(servers.map((server) => server.superuserUrl)).size).toBe(1);
    expect(await query(servers[0]!.superuserUrl, 'select 1 as one')).toEqual(ONE);
  });

  it('share a server that outlived the one that started it', async () => {
    const dataDir = trial.dataDir('killed parent');
    const parent = startElsewhere({ dataDir, linger: true });
    const { server } = await parent.outcome;
    const { pid } = findPostmaster(server!.dataDir)!;
    const ended = new Promise((resolve) => parent.process.once('exit', resolve));
    parent.process.kill('SIGKILL');
    await ended;
    const mine = await trial.start('killed parent');
    expect([mine.reused, mine.superuserUrl]).toEqual([true, server!.superuserUrl]);
    expect(findPostmaster(mine.dataDir)?.pid).toBe(pid);
    expect(await query(mine.superuserUrl, 'select 1 as one')).toEqual(ONE);
  });

  it('do not trip over a cluster whose making was killed half-way', async () => {
    const dataDir = trial.dataDir('half-made');
    const parent = startElsewhere({ dataDir });
    const ended = new Promise((resolve) => parent.process.once('exit', resolve));
    await until(() => beingMade(dataDir).some((folder) => existsSync(`${folder}/PG_VERSION`)));
    parent.process.kill('SIGKILL'); // its initdb goes on without it
    await ended;
    const server = await trial.start('half-made');
    expect(server.reused).toBe(false);
    expect(await query(server.superuserUrl, 'select 1 as one')).toEqual(ONE);
  });
});

function beingMade(dataDir: string): string[] {
  const parent = path.dirname(dataDir);
  const prefix = `${path.basename(dataDir)}.making-`;
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix));
  return names.map((name) => path.join(parent, name));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** Any account but root and the server's own; it needs an entry in /etc/passwd. */
const OTHER = 65_534;
const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('accounts', () => {
  asRoot('an ordinary user keeps a cluster below a home that is closed to others', async () => {
    const home = trial.folder('home of nobody', 0o700);
    chownSync(home, OTHER, OTHER);
    const dataDir = trial.dataDir('home of nobody/data/postgres');
    const { server } = await startElsewhere({ dataDir }, OTHER).outcome;
    expect(server).toMatchObject({ dataDir, reused: false });
    expect(statSync(dataDir).uid).toBe(OTHER);
    expect(statSync(path.dirname(dataDir)).mode & 0o777).toBe(0o700);
    // Root takes the cluster over as it is: it runs as its owner.
    const reused = await trial.start('home of nobody/data/postgres');
    await reused.stop();
    const restarted = await trial.start('home of nobody/data/postgres');
    expect([reused.reused, restarted.reused]).toEqual([true, false]);
    expect(await query(restarted.superuserUrl, 'select 1 as one')).toEqual(ONE);
  });

  asRoot("somebody else's cluster is refused in one line", async () => {
    const { dataDir, stop } = await trial.start('of root');
    const { error } = await startElsewhere({ dataDir }, OTHER).outcome;
    await stop();
    expect(error).toMatchObject({
      code: 'postgres_start_failed',
      message: expect.stringContaining(dataDir),
      hint: expect.stringContaining('DATABASE_URL'),
    });
  });

  asRoot('root below a closed home: data and programs go where the server gets', async () => {
    const home = trial.folder('home of root', 0o700);
    const native = path.join(home, 'package', 'native');
    const { folder } = findBinaries();
    cpSync(folder, native, { recursive: true, verbatimSymlinks: true });
    const manifest = path.join(home, 'package', 'package.json');
    cpSync(path.join(folder, '..', 'package.json'), manifest);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const copy = `/var/lib/coffee-roadmap/postgres-${version}`;
    const kept = existsSync(copy);
    try {
      const first = await trial.start('home of root/data/postgres', { native });
      expect(first.dataDir).toMatch(/^\/var\/lib\/coffee-roadmap\/[0-9a-f]{16}\/data$/);
      const pointer = path.join(home, 'data', 'postgres', 'MOVED_TO');
      expect(readFileSync(pointer, 'utf8').trim()).toBe(first.dataDir);
      expect(statSync(home).mode & 0o777).toBe(0o700);
      expect(existsSync(path.join(copy, 'bin', 'postgres'))).toBe(true);
      const second = await trial.start('home of root/data/postgres', { native });
      expect([second.reused, second.dataDir]).toEqual([true, first.dataDir]);
      expect(await query(second.superuserUrl, 'select 1 as one')).toEqual(ONE);
    } finally {
      if (!kept) rmSync(copy, { recursive: true, force: true });
    }
  });
});
