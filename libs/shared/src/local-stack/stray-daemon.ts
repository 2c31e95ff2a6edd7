import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import { AppError } from '../errors';
import { isAlive, processIdentity } from '../postgres/processes';

interface DaemonNote {
  pid: number;
  identity: string;
}

const POLL_MS = 25;
const PATIENCE_MS = 10_000;

export function noteDaemon(file: string, pid: number): void {
  writePrivateJson(file, { pid, identity: processIdentity(pid) } satisfies DaemonNote);
}

/**
 * Ends the daemon that a killed start left behind, if it still runs: two of one login would share
 * one folder for their agents. Gently, with force after ten seconds; true when there was one.
 */
export async function endStrayDaemon(
  file: string,
  log: (line: string) => void = () => undefined,
): Promise<boolean> {
  const note = readPrivateJson<DaemonNote>(file);
  if (note === undefined) return false;
  const found = isStill(note);
  if (found) {
    log(`ending the daemon that was left behind (process ${note.pid})`);
    signal(note.pid, 'SIGTERM');
    let until = Date.now() + PATIENCE_MS;
    while (isAlive(note.pid)) {
      if (Date.now() > until) {
        signal(note.pid, 'SIGKILL');
        until = Infinity;
      }
      await delay(POLL_MS);
    }
  }
  rmSync(file, { force: true });
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw new AppError('not_allowed', `an earlier daemon (process ${pid}) is another user's`, {
      hint: `End it as that user: kill ${pid}`,
      cause: error,
    });
  }
}

function isStill({ pid, identity }: DaemonNote): boolean {
  if (!isAlive(pid) || processIdentity(pid) !== identity) return false;
  // Without /proc a process has no identity besides its pid, which may be another's by now.
  return identity !== String(pid) || /(daemon|dashboard)\.js/.test(commandOf(pid));
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
