import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { ClusterPlace } from './cluster-place';
import { complaintIn, runProgram } from './run-program';
import { startFailed } from './start-failed';

/** The kept password; undefined when there is none. */
export function readPassword(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw startFailed(
      `${file} cannot be read: ${(error as Error).message}`,
      'Start as the user that made the database',
      error,
    );
  }
}

/** Makes a password of letters that need no escape in a URL, and keeps it on the disk. */
export function makePassword(file: string): string {
  const password = randomBytes(24).toString('base64url');
  const handle = openSync(file, 'w', 0o600);
  try {
    writeSync(handle, `${password}\n`);
    fsyncSync(handle); // a cluster without its password is of no use
  } finally {
    closeSync(handle);
  }
  return password;
}

/** Gives a stopped cluster whose password file is lost a new password. */
export async function resetPassword(place: ClusterPlace, programs: string): Promise<string> {
  const password = makePassword(place.passwordFile);
  const { code, output } = await runProgram(
    path.join(programs, 'bin', 'postgres'),
    ['--single', '-D', place.dataDir, '-c', 'log_min_error_statement=panic', 'postgres'],
    { account: place.account, input: `alter role postgres password '${password}'\n` },
  );
  if (code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(output)) {
    throw startFailed(
      `${place.passwordFile} was lost and no new password could be set: ${complaintIn(output)}`,
      'Bring the file back',
    );
  }
  return password;
}
