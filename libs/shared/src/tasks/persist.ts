import { setTimeout as pause } from 'node:timers/promises';
import { toAppError } from '../db/app-errors';

/**
 * Runs a write again until the database takes it: while it is away, work is held and not lost.
 * Anything but `not_reachable` is thrown; an abort ends the waiting with the signal's reason.
 */
export async function persist<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'not_reachable') throw failure;
      await pause(delayMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
