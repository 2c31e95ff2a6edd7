import { setTimeout as pause } from 'node:timers/promises';
import { toAppError } from '../db/app-errors';
import type { AppError } from '../errors';

/** The pauses grow up to this many times the first one. */
const LONGEST = 12;

/**
 * Does it again, after growing pauses and for as long as it takes, while what it needs is
 * `not_reachable`; anything else is thrown. `onAway` hears of the first failure, `onBack` of the end of
 * them. An abort ends the waiting with the signal's reason.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  options: {
    signal: AbortSignal;
    retryMs: number;
    onAway: (failure: AppError) => void;
    onBack: () => void;
  },
): Promise<T> {
  const { signal, retryMs } = options;
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      const done = await work();
      if (tries > 0) options.onBack();
      return done;
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'not_reachable') throw failure;
      if (tries === 0) options.onAway(failure);
    }
    await pause(Math.min(retryMs * 2 ** tries, retryMs * LONGEST), undefined, { signal });
  }
}
