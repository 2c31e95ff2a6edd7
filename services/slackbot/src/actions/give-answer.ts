import { isAppError } from '@coffee-roadmap/shared/errors';
import { passOnAnswer, type From } from '@coffee-roadmap/shared/slack/interaction-queries';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { crashPoint } from '../crash-point';
import type { ActionContext } from './context';
import { outcomeWords, tell, words, type Place } from './tell';

/** How long an answer is held while the database is away; after that the person is told. */
const PATIENCE_MS = 120_000;

/** Passes on an answer that somebody gave, and tells them if it did not count. */
export async function giveAnswer(
  context: ActionContext,
  from: From,
  given: { notificationId: number; answer: string },
  place: Place,
): Promise<void> {
  crashPoint('acknowledged');
  try {
    const outcome = await persist(
      () => passOnAnswer(context.session, from, given),
      AbortSignal.timeout(PATIENCE_MS),
    );
    crashPoint('answered');
    const message = outcomeWords(outcome, given.answer);
    if (message !== undefined) await tell(context, place, message);
  } catch (error) {
    context.log('error', `answer to ${given.notificationId}: ${(error as Error).message}`);
    const why = isAppError(error) ? error.message : 'the database does not answer';
    await tell(context, place, words(`That did not count: ${why}.`, 'Please answer again.'));
  } finally {
    context.wake(); // also after a late one: the message shows why
  }
}
