import { passOnAnswer, type From } from '@coffee-roadmap/shared/slack/interaction-queries';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { crashPoint } from '../crash-point';
import type { ActionContext } from './context';
import { orTell } from './or-tell';
import { outcomeWords, tell, type Place } from './tell';

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
  await orTell(context, place, `answer to ${given.notificationId}`, async () => {
    const outcome = await persist(
      () => passOnAnswer(context.session, from, given),
      AbortSignal.timeout(PATIENCE_MS),
    );
    crashPoint('answered');
    const message = outcomeWords(outcome, given.answer);
    if (message !== undefined) await tell(context, place, message);
  });
  context.wake(); // also after a late one: the message shows why
}
