import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

const proc = existsSync('/proc/self/stat');

/** Whether the process runs. One that has ended and was never waited for does not. */
export function isAlive(pid: number): boolean {
  return isTaken(pid) && (!proc || !['Z', 'X'].includes(statFields(pid)[0] ?? 'Z'));
}

/** Whether the pid names anything, be it only an ended process that nobody waited for. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Names one process for good: pids are used again, soonest in containers, where the same program
 * gets the same pid after each restart. Without /proc it is the pid alone.
 */
export function processIdentity(pid: number): string {
  return proc ? `${pid}@${statFields(pid)[19] ?? '?'}` : String(pid);
}

/** Whether `pid` is a server of this data directory: it works in it. */
export function worksIn(pid: number, dataDir: string): boolean {
  try {
    if (proc) return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
    const command = execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
    });
    return command.includes('postgres') && command.includes(dataDir);
  } catch {
    return false;
  }
}

/** The fields of /proc/PID/stat from the third on (state); the second may hold spaces. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
