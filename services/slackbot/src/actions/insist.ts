import { setTimeout as pause } from 'node:timers/promises';
import { failureOf } from '../bolt';

const PAUSES_MS = [300, 2_000, 10_000];
const LONGEST_MS = 60_000;

/**
 * Calls Slack again when a call fails, as long as Slack asks to wait and a few times in all; rejects
 * with what the last one met. Only for what does no harm when it is carried out twice.
 */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await call();
    } catch (error) {
      const failure = failureOf(error);
      const asked = failure.kind === 'later' ? Math.min(failure.ms, LONGEST_MS) : 0;
      await pause(Math.max(pauseMs, asked));
    }
  }
  return call();
}
