import type { Paths } from '@coffee-roadmap/shared/config/paths';
import { readPrivateJson, writePrivateJson } from '@coffee-roadmap/shared/config/private-file';
import { rmSync } from 'node:fs';
import path from 'node:path';

/** Notes that this process is the `up` of this machine; undefined when another one is already. */
export function takeTurn(paths: Paths): { end(): void } | { pid: number } {
  const file = path.join(paths.state, 'up.json');
  const pid = readPrivateJson<{ pid: number }>(file)?.pid;
  if (pid !== undefined && pid !== process.pid && isAlive(pid)) return { pid };
  writePrivateJson(file, { pid: process.pid });
  return { end: () => rmSync(file, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
