import { AppError } from '../errors';
import type { Hints } from '../tasks/hints';
import { persist } from '../tasks/persist';
import {
  expireNotifications,
  findNotification,
  notify,
  type Asker,
  type NewNotification,
} from './queries';

export interface GivenAnswer {
  answer: string;
  /** Null when nobody answered and the stated default was taken. */
  answeredBy: string | null;
}

/**
 * Asks and waits, as long as it takes, over restarts of the database and of this process. Throws
 * `conflict` when the question is withdrawn, and the signal's reason when that aborts.
 */
export async function askAndWait(
  session: Asker,
  hints: Hints,
  question: Omit<NewNotification, 'kind'>,
  signal: AbortSignal,
): Promise<GivenAnswer> {
  const { id } = await persist(() => notify(session, { ...question, kind: 'question' }), signal);
  let wake = (): void => undefined;
  let news = true; // look once even if no hint comes: it may have been answered long ago
  const stir = (): void => {
    news = true;
    wake();
  };
  const unsubscribe = hints.subscribe((hint) => {
    if (hint.channel === 'catch_up') stir();
    if (hint.channel === 'coffee_notifications' && (hint.id === null || hint.id === id)) stir();
  });
  signal.addEventListener('abort', stir);
  let alarm: NodeJS.Timeout | undefined;
  // By our clock, which may be wrong by days either way: it is set again until the database says so.
  const expire = (): void => {
    persist(() => expireNotifications(session), signal).then(stir, stir);
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      if (!news) await new Promise<void>((resolve) => (wake = resolve));
      news = false;
      signal.throwIfAborted();
      const row = await persist(() => findNotification(session, id), signal);
      if (row === undefined || row.state === 'withdrawn') {
        throw new AppError('conflict', `question ${id} was withdrawn`);
      }
      if (row.answer !== null && row.state !== 'pending') {
        return { answer: row.answer, answeredBy: row.answered_by_name };
      }
      if (row.expires_at !== null) {
        clearTimeout(alarm);
        alarm = setTimeout(expire, msUntil(row.expires_at));
      }
    }
  } finally {
    clearTimeout(alarm);
    unsubscribe();
    signal.removeEventListener('abort', stir);
  }
}

const SOONEST_MS = 250;
const LONGEST_TIMER_MS = 60_000;

function msUntil(time: Date): number {
  return Math.min(Math.max(time.getTime() - Date.now() + 20, SOONEST_MS), LONGEST_TIMER_MS);
}
