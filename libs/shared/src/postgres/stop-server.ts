import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors';
import { findPostmaster } from './postmaster';
import { isAlive } from './processes';

/** smart waits for the clients to leave, fast sends them away, immediate leaves a recovery to do. */
export type StopMode = 'smart' | 'fast' | 'immediate';

const SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const POLL_MS = 10;
/** Enough for a last checkpoint on a slow disk; recovery makes up for what it did not write. */
const PATIENCE_MS = 60_000;

/**
 * Ends the server of this data directory and waits until it is gone; false when none ran. A fast
 * stop that takes longer than a minute becomes an immediate one; a smart one waits for ever.
 */
export async function stopServer(dataDir: string, mode: StopMode = 'fast'): Promise<boolean> {
  const server = findPostmaster(dataDir);
  if (server === undefined) return false;
  signal(server.pid, SIGNALS[mode]);
  let until = mode === 'smart' ? Infinity : Date.now() + PATIENCE_MS;
  while (isAlive(server.pid)) {
    if (Date.now() > until) {
      signal(server.pid, SIGNALS.immediate);
      until = Infinity; // the postmaster itself kills what does not listen, after five seconds
    }
    await delay(POLL_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw new AppError('not_allowed', `the database server (process ${pid}) is another user's`, {
      hint: 'Stop it as the user that started it.',
      cause: error,
    });
  }
}
