/** Ends what a killed daemon's agents left running, where no pid namespace did that already. */
import { createHash, randomBytes } from 'node:crypto';
import { listProcesses, markOf, readProcess } from './process-tree';

/** `{folder}.{our pid}.{our start}.{random}`: says whose run it is after we are gone. */
export function newMark(root: string): string {
  const startedAt = readProcess(process.pid)?.startedAt ?? '0';
  return `${folderOf(root)}.${process.pid}.${startedAt}.${randomBytes(6).toString('hex')}`;
}

/**
 * Kills the processes of runs in `root` whose daemon no longer lives. A process that carries our own
 * mark is spared: then we ourselves run inside an agent, in whose pid namespace its daemon is not
 * to be seen.
 */
export function endLeftovers(root: string): void {
  const folder = folderOf(root);
  const ours = markOf(process.pid);
  for (const { pid } of listProcesses()) {
    const mark = markOf(pid);
    if (mark === undefined || mark === ours || !mark.startsWith(`${folder}.`)) continue;
    const [, owner, startedAt] = mark.split('.');
    if (readProcess(Number(owner))?.startedAt === startedAt) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}

function folderOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 12);
}
