import { openSession } from '@coffee-roadmap/shared/db/session';
import { databaseReceiver, judgeImport } from '@coffee-roadmap/shared/gist/database-receiver';
import { GitStore } from '@coffee-roadmap/shared/gist/git-store';
import { spoolRecords } from '@coffee-roadmap/shared/gist/local-records';
import { pullRecords } from '@coffee-roadmap/shared/gist/pull';
import { pushRecords } from '@coffee-roadmap/shared/gist/push';
import { countRecords } from '@coffee-roadmap/shared/shards/machine-entry';
import { writeV1 } from '@coffee-roadmap/shared/shards/write-v1';
import { spoolFolder } from '@coffee-roadmap/shared/spool/segments';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, medianRatio } from '../figures/statistics';
import { above, atMost, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { fillSpool } from './fill-spool';

const RECORDS = 1_000_000;
/** Of the seed's JSON, the most that is made at once to be weighed. */
const MOST_V1 = 100_000;

/**
 * Records per second through a bare repository on this machine: pushed from a spool, and pulled from there
 * into the database. Beside it the same bytes, cut, packed by gzip and brought there and back by git alone.
 */
export async function measureSyncGit(
  server: BenchServer,
  rounds: number,
  records = RECORDS,
): Promise<Report> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-sync-git-'));
  const figures = { plainPush: [], push: [], plainPull: [], pull: [], bytes: [] } as Record<
    'plainPush' | 'push' | 'plainPull' | 'pull' | 'bytes',
    number[]
  >;
  let seedBytes = 0;
  try {
    const { paths, identity } = fillSpool(folder, records);
    const local = spoolRecords(paths, identity);
    for (let round = 0; round < rounds; round += 1) {
      const at = (name: string): string => path.join(folder, `${name}-${round}`);
      const perSecond = async (work: () => unknown): Promise<number> => {
        const start = performance.now();
        await work();
        return (records / (performance.now() - start)) * 1000;
      };
      makeBare(at('plain.git'));
      const spool = spoolFolder(paths);
      figures.plainPush.push(await perSecond(() => pushBytes(spool, at('plain'), at('plain.git'))));
      makeBare(at('ours.git'));
      const store = (mirror: string): GitStore =>
        new GitStore({ url: at('ours.git'), branch: 'main', mirror: at(mirror) });
      figures.push.push(
        await perSecond(async () => {
          const { entry } = await pushRecords(store('box'), local, { pause: noPause });
          if (countRecords(entry) !== records) throw new Error('not all were pushed');
        }),
      );
      figures.plainPull.push(await perSecond(() => pullBytes(at('plain.git'), at('plain-back'))));
      const database = await server.database(`sync_git_${round}`, { migrated: true });
      const session = await openSession(await database.login('person', 'bench'), 'person');
      const hub = store('hub');
      figures.pull.push(
        await perSecond(async () => {
          const receiver = databaseReceiver(session, 'git', '0.0.0');
          await pullRecords(await hub.read(), receiver, { judge: judgeImport });
          const { inserted } = receiver.counts();
          if (inserted !== records) throw new Error(JSON.stringify(receiver.counts()));
        }),
      );
      await session.close();
      figures.bytes.push(bytesOf(at('ours.git')));
    }
    const some = records / Math.min(records, MOST_V1);
    seedBytes = some * sizeOfV1(firstOf(local.after(null).lines, MOST_V1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    name: 'sync-git',
    title: `${whole(records)} records through a bare repository, Postgres ${server.version}`,
    columns: ['', 'records per second'],
    rows: [
      ['gzip and git push, the bytes alone', whole(median(figures.plainPush))],
      ['gist push', whole(median(figures.push))],
      ['git clone and gunzip, the bytes alone', whole(median(figures.plainPull))],
      ['gist pull, into the database', whole(median(figures.pull))],
      ['megabytes in the repository', whole(median(figures.bytes) / 1e6)],
      ['megabytes as the seed’s JSON', whole(seedBytes / 1e6)],
    ],
    ratios: [
      above('gist push ÷ gzip and git push', medianRatio(figures.push, figures.plainPush), 0.5),
      above('gist pull ÷ git clone and gunzip', medianRatio(figures.pull, figures.plainPull), 0.5),
      atMost('bytes there ÷ the seed’s JSON', median(figures.bytes) / seedBytes, 0.5),
    ],
    rounds,
    figures: { ...figures, seedBytes },
  };
}

const noPause = (): Promise<void> => Promise.resolve();
const git = (...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const shell = (script: string, cwd: string): void =>
  void execFileSync('sh', ['-c', script], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

const makeBare = (folder: string): void => git('init', '--quiet', '--bare', folder);

function pushBytes(spool: string, work: string, bare: string): void {
  git('init', '--quiet', '-b', 'main', work);
  shell(`cat '${spool}'/*.jsonl | split -C 4m --filter='gzip -6 >"$FILE.gz"'`, work);
  git('-C', work, 'add', '.');
  git('-C', work, 'commit', '--quiet', '-m', 'bytes');
  git('-C', work, 'push', '--quiet', bare, 'main');
}

function pullBytes(bare: string, work: string): void {
  git('clone', '--quiet', '--branch', 'main', `file://${bare}`, work);
  shell('gunzip -c *.gz', work);
}

function bytesOf(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

function* firstOf(lines: Iterable<Buffer>, most: number): Generator<Buffer> {
  let left = most;
  for (const line of lines) {
    if ((left -= 1) < 0) return;
    yield line;
  }
}

const sizeOfV1 = (lines: Iterable<Buffer>): number =>
  [...writeV1('box', lines, new Date().toISOString()).files.values()].reduce(
    (sum, { length }) => sum + length,
    0,
  );
