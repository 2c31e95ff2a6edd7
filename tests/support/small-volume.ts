import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A volume of a known size, to be filled up and emptied again. */
export interface SmallVolume {
  /** Takes all its room but `leave` bytes. */
  fill(leave: number): void;
  /** Gives that room back. */
  free(): void;
  unmount(): void;
}

/** Mounts one on an empty folder; undefined where this process may not mount, as only root may. */
export function mountSmallVolume(folder: string, megabytes: number): SmallVolume | undefined {
  const options = `size=${megabytes}m,mode=755`;
  if (process.getuid?.() !== 0) return undefined;
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (made.status !== 0) return undefined;
  const ballast = path.join(folder, 'ballast');
  return {
    fill(leave) {
      const file = openSync(ballast, 'w');
      try {
        for (const block of [Buffer.alloc(1 << 20), Buffer.alloc(1 << 12)]) fillBy(file, block);
        ftruncateSync(file, Math.max(0, fstatSync(file).size - leave));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => void spawnSync('umount', [folder]),
  };
}

function fillBy(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
