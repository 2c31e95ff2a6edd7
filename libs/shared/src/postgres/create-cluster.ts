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
import { startFailed } from './start-failed';
import { makePassword } from './superuser-password';

/** Written into the data directory once initdb has come to its end. */
const MARKER = 'COFFEE_ROADMAP_CLUSTER';

const FROM_INITDB = /^(base|global|pg_\w+|PG_VERSION|\w+\.conf)$/;

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
  const entries = existsSync(place.dataDir) ? listFolder(place.dataDir) : [];
  if (entries.length > 0 && isComplete(place.dataDir, entries, options.major)) return;
  if (entries.length > 0) {
    const aside = `${place.dataDir}.half-made-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    renameSync(place.dataDir, aside);
    options.log(`an earlier start was interrupted: moved what it left to ${aside}`);
  }
  options.log(`making the database in ${place.dataDir}`);
  mkdirSync(place.dataDir, { recursive: true, mode: 0o700 });
  if (place.account) chownSync(place.dataDir, place.account.uid, place.account.gid);
  makePassword(place.passwordFile);
  await initialize(place, options);
  const marker = path.join(place.dataDir, MARKER);
  closeSync(openSync(marker, 'w', 0o600));
  // A base backup by the server fails on a file that it cannot read.
  if (place.account) chownSync(marker, place.account.uid, place.account.gid);
  if (options.durable) syncFolder(place.dataDir);
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
    if (entries.every((entry) => FROM_INITDB.test(entry))) return false;
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

async function initialize(place: ClusterPlace, options: CreateOptions): Promise<void> {
  // The kept file is ours alone; the server's account needs one that it can read, for a moment.
  const handed = `${place.dataDir}.initial-password`;
  const account = place.account;
  try {
    if (account) {
      copyFileSync(place.passwordFile, handed);
      chownSync(handed, account.uid, account.gid);
    }
    const { code, output } = await runProgram(
      path.join(options.programs, 'bin', 'initdb'),
      [
        `--pgdata=${place.dataDir}`,
        '--username=postgres',
        `--pwfile=${account ? handed : place.passwordFile}`,
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
