import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import {
  BEAT_MS,
  keepLock,
  lockHolder,
  tryLock,
  unlock,
  type LockHolder,
} from '../../spool/file-lock';
import { collectorFolder } from './journal';

const POLL_MS = 50;

export type CollectorPurpose = 'collect' | 'watch';

/**
 * Runs `work` while no other process of this machine collects. One that collects once is waited for; of
 * one that watches, which keeps the spool up to date by itself, the holder is given instead.
 */
export async function asCollector<T>(
  paths: Paths,
  purpose: CollectorPurpose,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<{ done: T } | { watchedBy: LockHolder }> {
  const file = path.join(ensurePrivateFolder(collectorFolder(paths)), 'lock');
  let mine = tryLock(file, purpose);
  while (mine === undefined) {
    const holder = lockHolder(file);
    if (holder?.purpose === 'watch') return { watchedBy: holder };
    await pause(POLL_MS, undefined, { signal });
    mine = tryLock(file, purpose);
  }
  const beat = setInterval(() => keepLock(file), BEAT_MS);
  beat.unref();
  try {
    return { done: await work() };
  } finally {
    clearInterval(beat);
    unlock(file, mine);
  }
}

/** Whether a process watches now. */
export function watcherOf(paths: Paths): LockHolder | undefined {
  const holder = lockHolder(path.join(collectorFolder(paths), 'lock'));
  return holder?.purpose === 'watch' ? holder : undefined;
}
