import { setTimeout as wait } from 'node:timers/promises';
import { toAppError } from '../db/app-errors';

export interface KeepPushingOptions<T> {
  push: () => Promise<T>;
  onPushed: (result: T) => void;
  /** The receiver is away; the next try is in `pauseMs`. */
  onAway: (message: string, pauseMs: number) => void;
  signal: AbortSignal;
  /** Between two pushes, and the most between two tries while the receiver is away. */
  everyMs?: number;
  longestMs?: number;
}

const EVERY_MS = 5_000;
const LONGEST_MS = 300_000;

/**
 * Pushes again and again until the signal; while the receiver is away each pause is twice the one before.
 * What was not taken stays in the spool for the next try. Throws whatever else goes wrong.
 */
export async function keepPushing<T>(options: KeepPushingOptions<T>): Promise<void> {
  const { push, onPushed, onAway, signal, everyMs = EVERY_MS, longestMs = LONGEST_MS } = options;
  let pauseMs = everyMs;
  while (!signal.aborted) {
    try {
      onPushed(await push());
      pauseMs = everyMs;
    } catch (error) {
      const { code, message } = toAppError(error);
      if (code !== 'not_reachable') throw error;
      pauseMs = Math.min(pauseMs * 2, longestMs);
      onAway(message, pauseMs);
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
