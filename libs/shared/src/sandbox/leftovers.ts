/** Ends what a killed daemon's agents left running, where no pid namespace did that already. */
import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { listProcesses, markOf, readProcess } from './process-tree';

/** `{folder}.{our pid}.{our start}.{random}`: says whose run it is after we are gone. */
export function newMark(root: string): string {
  const startedAt = readProcess(process.pid)?.startedAt ?? '0';
  return `${folderOf(root)}.${process.pid}.${startedAt}.${randomBytes(6).toString('hex')}`;
}

/** Kills the processes of runs in `root` whose daemon no longer lives. */
export function endLeftovers(root: string): void {
  const folder = folderOf(root);
  for (const { pid } of listProcesses()) {
    const mark = markOf(pid);
    if (mark === undefined || !mark.startsWith(`${folder}.`)) continue;
    const [, owner, startedAt] = mark.split('.');
    if (readProcess(Number(owner))?.startedAt === startedAt) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}

/** With the pid namespace: a daemon in a container has a pid that means nothing outside, or another. */
function folderOf(root: string): string {
  return createHash('sha256').update(`${root}\0${pidNamespace()}`).digest('hex').slice(0, 12);
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
