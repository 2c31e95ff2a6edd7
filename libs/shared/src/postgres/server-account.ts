import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { startFailed } from './start-failed';

export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * The account that initdb and postgres run as; undefined means ours. Postgres refuses to run as
 * root, and as a uid without a passwd entry: so root takes `postgres`, or else `nobody`. A cluster
 * that exists already keeps its owner.
 */
export function chooseServerAccount(dataDir: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) {
    const { uid, gid } = statSync(dataDir);
    if (uid !== 0) return { uid, gid };
  }
  return defaultAccount();
}

function defaultAccount(): ServerAccount {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined && uid !== '0') {
      return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
    }
  }
  throw startFailed(
    'Postgres does not run as root, and there is no account postgres or nobody to run it as',
    'Start as an ordinary user',
  );
}

/** Whether the account gets as far as `folder`, or as the nearest part of it that exists. */
export function canEnter(folder: string, account: ServerAccount): boolean {
  let nearest = folder;
  while (!existsSync(nearest)) nearest = path.dirname(nearest);
  const { status } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', nearest], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}
