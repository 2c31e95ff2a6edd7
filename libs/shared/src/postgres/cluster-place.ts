import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { canEnter, chooseServerAccount, type ServerAccount } from './server-account';
import { sharedFolder } from './shared-folder';
import { startFailed } from './start-failed';

/** Left in the folder that the user named when the cluster had to be put elsewhere. */
export const POINTER = 'MOVED_TO';

/** Where a cluster's parts are. All but the data lie beside the folder that the user named. */
export interface ClusterPlace {
  /** PGDATA. */
  dataDir: string;
  account: ServerAccount | undefined;
  passwordFile: string;
  portFile: string;
  logFile: string;
}

export function lockFileOf(named: string): string {
  return `${named}.lock`;
}

/** Where the cluster of the folder `named` is, or has to be; undefined when there is none. */
export function findCluster(named: string): ClusterPlace | undefined {
  const pointer = path.join(named, POINTER);
  if (existsSync(pointer)) return placeOf(named, readFileSync(pointer, 'utf8').trim());
  return existsSync(named) ? placeOf(named, named) : undefined;
}

/**
 * The same for a cluster that may still have to be made. As root, with the folder below a home that
 * is closed to the server's account, the data goes to a folder of root's that it can reach: opening
 * the home would open it to everybody.
 */
export function decideCluster(named: string, log: (line: string) => void): ClusterPlace {
  const found = findCluster(named);
  if (found !== undefined && found.dataDir !== named) {
    if (existsSync(found.dataDir)) return found;
    // Never a new cluster in its place: that would look as if everything had been lost.
    const pointer = path.join(named, POINTER);
    throw startFailed(
      `the database that ${pointer} points to is gone: ${found.dataDir}`,
      `Bring that folder back, or delete ${pointer} to begin with an empty database`,
    );
  }
  const place = found ?? placeOf(named, named);
  const begun = existsSync(named) && readdirSync(named).length > 0;
  if (place.account === undefined || begun || canEnter(path.dirname(named), place.account)) {
    return place;
  }
  const hash = createHash('sha256').update(named).digest('hex').slice(0, 16);
  const parent = path.join(sharedFolder(), hash);
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o711); // whatever the umask
  const dataDir = path.join(parent, 'data');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  mkdirSync(named, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(named, POINTER), `${dataDir}\n`, { mode: 0o600 });
  log(`the database server cannot reach ${named}: its data is in ${dataDir}`);
  return placeOf(named, dataDir);
}

function placeOf(named: string, dataDir: string): ClusterPlace {
  return {
    dataDir,
    account: chooseServerAccount(dataDir),
    passwordFile: `${named}.password`,
    portFile: `${named}.port`,
    logFile: `${named}.log`,
  };
}
