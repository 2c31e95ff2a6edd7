import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processIdentity } from './processes';
import { startFailed } from './start-failed';

const POLL_MS = 25;
/** Breaking a dead process's lock takes no time; one that was left behind has been forgotten. */
const BREAKING_MS = 10_000;

/**
 * Runs `work` while holding `file` as a lock among processes; waits for another holder that lives,
 * at most `patienceMs`. The lock of a dead holder is broken.
 */
export async function withStartLock<T>(
  file: string,
  work: () => Promise<T>,
  patienceMs = 600_000,
): Promise<T> {
  const mine = `${process.pid} ${processIdentity(process.pid)} ${randomUUID()}\n`;
  const until = Date.now() + patienceMs;
  while (!take(file, mine)) {
    const holder = readIfThere(file);
    if (holder !== undefined && !holds(holder) && breakLock(file, holder)) continue;
    if (Date.now() > until) {
      throw startFailed(
        `another start has held ${file} for ${Math.round(patienceMs / 1000)} s`,
        `End process ${holder?.split(' ')[0] ?? 'that made it'} and delete the file`,
      );
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (readIfThere(file) === mine) rmSync(file, { force: true });
  }
}

/** A link, because it appears with its content at once or not at all. */
function take(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw startFailed(
      `no lock can be made at ${file}: ${message}`,
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'Make room on that disk; what is in the database is safe'
        : 'Give yourself write access to that folder',
      error,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

function holds(holder: string): boolean {
  const [pid, identity] = holder.split(' ');
  return isAlive(Number(pid)) && processIdentity(Number(pid)) === identity;
}

/**
 * Only one process at a time breaks locks, and only the very lock that it found dead: without that,
 * the second of two would take away the new lock of the first.
 */
function breakLock(file: string, dead: string): boolean {
  const breaking = `${file}.breaking`;
  try {
    closeSync(openSync(breaking, 'wx', 0o600));
  } catch {
    const since = statSync(breaking, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > BREAKING_MS) rmSync(breaking, { force: true });
    return false;
  }
  try {
    if (readIfThere(file) === dead) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(breaking, { force: true });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw startFailed(
      `${file} belongs to another user`,
      'Start as the user that made the database',
      error,
    );
  }
}
