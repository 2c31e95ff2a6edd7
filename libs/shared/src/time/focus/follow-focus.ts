import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import { hookFiles } from '../hooks/hook-folder';
import type { FocusSource } from './focus-source';
import { FocusTracker, type FocusSign } from './focus-tracker';

const LOOK_MS = 2_000;

export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly onSign?: (sign: FocusSign) => void;
  /** Between two looks; 2 seconds if not said. */
  readonly everyMs?: number;
}

/** Looks until it is ended, and appends what it saw to the log that hooks write and `collect` reads. */
export async function followFocus(
  paths: Paths,
  source: FocusSource,
  { signal, onSign, everyMs = LOOK_MS }: FollowOptions,
): Promise<void> {
  const { folder, log } = hookFiles(paths);
  ensurePrivateFolder(folder);
  const tracker = new FocusTracker();
  while (!signal.aborted) {
    const [window, idleMs] = await Promise.all([source.frontWindow(), source.idleMs()]);
    for (const sign of tracker.look({ now: Date.now(), window, idleMs })) {
      appendFileSync(log, `${lineOf(sign)}\n`, { mode: 0o600 });
      onSign?.(sign);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** As `readHookLine` reads it; times in nanoseconds, as the other hooks write them. */
function lineOf(sign: FocusSign): string {
  const at = `${sign.at}000000`;
  if (sign.kind === 'afk') return ['afk', at, sign.status, sign.idleMs ?? ''].join('\t');
  const { id, app, title } = sign.window;
  return ['window', at, id, app, title ?? ''].join('\t');
}
