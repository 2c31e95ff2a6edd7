import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { pullRemote } from '@coffee-roadmap/shared/remotes/pull-remote';
import { spoolFolder } from '@coffee-roadmap/shared/spool/segments';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSshNetwork, type SshMachine, type SshNetwork } from '../../tests/support/ssh-server';
import { median, medianRatio } from '../figures/statistics';
import { above, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { fillSpool, type BenchPaths } from './fill-spool';

const RECORDS = 1_000_000;

/** Records per second over a real sshd on loopback into the database, beside the bytes alone. */
export async function measureSyncSsh(
  server: BenchServer,
  rounds: number,
  records = RECORDS,
): Promise<Report> {
  const network = openSshNetwork();
  const bytes: number[] = [];
  const synced: number[] = [];
  try {
    const box = await network.machine('box');
    const paths = fillMachine(box, records);
    for (let round = 0; round < rounds; round += 1) {
      bytes.push(records / (await seconds(() => copyBytes(network, spoolFolder(paths)))));
      const database = await server.database(`sync_${round}`, { migrated: true });
      const session = await openSession(await database.login('person', 'bench'), 'person');
      const state = path.join(box.home, `hub-${round}`);
      synced.push(
        records /
          (await seconds(async () => {
            const { counts } = await pullRemote('box', {
              session,
              paths: { config: state, data: state, state },
              command: network.words,
              environment: { PATH: process.env.PATH ?? '', HOME: state },
              mayAsk: false,
              askLabel: () => Promise.resolve('box'),
            });
            if (counts.inserted !== records) throw new Error(JSON.stringify(counts));
          })),
      );
      await session.close();
    }
  } finally {
    network.close();
  }
  return {
    name: 'sync-ssh',
    title: `${whole(records)} records over SSH on loopback, Postgres ${server.version}`,
    columns: ['', 'records per second'],
    rows: [
      ['cat | gzip | ssh, the bytes alone', whole(median(bytes))],
      ['sync, into the database', whole(median(synced))],
    ],
    ratios: [above('sync ÷ cat | gzip | ssh', medianRatio(synced, bytes), 0.5)],
    rounds,
    figures: { bytes_per_second: bytes, synced_per_second: synced },
  };
}

/** A spool of so many API calls, and the built program in the PATH. */
function fillMachine({ home, bin }: SshMachine, records: number): BenchPaths {
  const { paths } = fillSpool(home, records);
  const program = path.join(projectRoot(), 'dist', 'coffee-roadmap-machine.js');
  writeFileSync(
    path.join(bin, 'coffee-roadmap'),
    `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`,
  );
  chmodSync(path.join(bin, 'coffee-roadmap'), 0o755);
  return paths;
}

async function copyBytes(network: SshNetwork, folder: string): Promise<void> {
  const [program = 'ssh', ...args] = network.words;
  const remote = `cat '${folder}'/*.jsonl | gzip`;
  const ssh = spawn(program, [...args, '-o', 'LogLevel=ERROR', 'box', remote], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const unpack = spawn('gunzip', ['-c'], { stdio: ['pipe', 'ignore', 'inherit'] });
  ssh.stdout.pipe(unpack.stdin);
  const [code] = (await once(unpack, 'close')) as [number];
  if (code !== 0) throw new Error('the bytes did not come');
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
