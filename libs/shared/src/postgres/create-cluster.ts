import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import type { ClusterPlace } from './cluster-place';
import { complaintIn, runProgram } from './run-program';
import type { ServerAccount } from './server-account';
import { startFailed } from './start-failed';
import { makePassword } from './superuser-password';

/** Written into the data directory once initdb has come to its end. */
export const MARKER = 'COFFEE_ROADMAP_CLUSTER';

/** Between a data directory's name and a random part, while initdb works on it. */
const MAKING = '.making-';

/** Whether an interrupted initdb can have made a file of that name. */
export function isFromInitdb(name: string): boolean {
  return /^(base|global|pg_\w+|PG_VERSION|\w+(\.auto)?\.conf)$/.test(name);
}

export interface CreateOptions {
  /** The folder with bin/. */
  programs: string;
  major: number;
  durable: boolean;
  log: (line: string) => void;
}

/**
 * Makes the cluster unless it is there. A complete one is never touched; one whose initdb was
 * interrupted is moved aside and made anew.
 */
export async function ensureCluster(place: ClusterPlace, options: CreateOptions): Promise<void> {
  const { dataDir } = place;
  const entries = existsSync(dataDir) ? listFolder(dataDir) : [];
  if (entries.length > 0 && isComplete(dataDir, entries, options.major)) return;
  if (entries.length > 0) {
    const aside = `${dataDir}.half-made-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    renameSync(dataDir, aside);
    options.log(`${dataDir} was never finished: moved what there is to ${aside}`);
  }
  options.log(`making the database in ${dataDir}`);
  removeUnfinished(dataDir);
  // Under a name of its own, because an initdb whose starter was killed goes on for a while, and
  // empties its folder when it fails: by then the folder must not be ours.
  const making = `${dataDir}${MAKING}${randomBytes(4).toString('hex')}`;
  try {
    await initialize(place, making, options);
    renameSync(making, dataDir);
    if (options.durable) syncFolder(path.dirname(dataDir));
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

/** What starts that were killed have left; best effort, their initdb may still be writing. */
function removeUnfinished(dataDir: string): void {
  const parent = path.dirname(dataDir);
  const prefix = `${path.basename(dataDir)}${MAKING}`;
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    try {
      rmSync(path.join(parent, name), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw startFailed(
      `${folder} cannot be read: ${(error as Error).message}`,
      'Start as the user that made it, or choose another folder for the data',
      error,
    );
  }
}

function isComplete(dataDir: string, entries: string[], major: number): boolean {
  if (!entries.includes('PG_VERSION')) {
    if (entries.every(isFromInitdb)) return false;
    throw startFailed(
      `${dataDir} is not empty and holds no database`,
      'Choose an empty folder for the data',
    );
  }
  const found = Number(readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8'));
  const complete = entries.includes(MARKER);
  // A server has run on it (postmaster.opts), or another program made it: it may hold data.
  const foreign = !complete && entries.includes('postmaster.opts');
  if (found !== major && (complete || foreign)) {
    throw startFailed(
      `${dataDir} was made by Postgres ${found}, this program brings Postgres ${major}`,
      `Move the folder away, or bring its contents over with pg_dump ${found}`,
    );
  }
  if (foreign) {
    throw startFailed(
      `${dataDir} is a Postgres cluster that another program made`,
      'Choose an empty folder for the data',
    );
  }
  return complete;
}

async function initialize(
  place: ClusterPlace,
  folder: string,
  options: CreateOptions,
): Promise<void> {
  const { account } = place;
  makePassword(place.passwordFile);
  // The kept file is ours alone; the server's account needs one that it can read, for a moment.
  const handed = `${folder}.password`;
  try {
    mkdirSync(folder, { mode: 0o700 });
    copyFileSync(place.passwordFile, handed);
    for (const file of [folder, handed]) giveTo(account, file);
    const { code, output } = await runProgram(
      path.join(options.programs, 'bin', 'initdb'),
      [
        `--pgdata=${folder}`,
        '--username=postgres',
        `--pwfile=${handed}`,
        '--auth-local=scram-sha-256',
        '--auth-host=scram-sha-256',
        '--encoding=UTF8',
        // Postgres's own C.UTF-8 sorts the same on every machine and in every version of libc.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        `--locale=${process.platform === 'darwin' ? 'C' : 'C.UTF-8'}`,
        '--data-checksums',
        '--no-instructions',
        ...(options.durable ? [] : ['--no-sync']),
      ],
      { account },
    );
    if (code !== 0) throw initdbFailed(complaintIn(output));
  } finally {
    rmSync(handed, { force: true });
  }
  const marker = path.join(folder, MARKER);
  closeSync(openSync(marker, 'w', 0o600));
  giveTo(account, marker); // a base backup by the server fails on a file that it cannot read
  if (options.durable) syncFolder(folder);
}

function giveTo(account: ServerAccount | undefined, file: string): void {
  if (account) chownSync(file, account.uid, account.gid);
}

function initdbFailed(complaint: string): Error {
  const nameless = /could not look up effective user ID (\d+)/.exec(complaint);
  return startFailed(
    `the database could not be made: ${complaint}`,
    nameless ? `Give uid ${nameless[1]} an entry in /etc/passwd` : undefined,
  );
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
