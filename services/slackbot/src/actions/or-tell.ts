import { isAppError, messageOf } from '@coffee-roadmap/shared/errors';
import type { ActionContext } from './context';
import { tell, words, type Place } from './tell';

/** Does what somebody asked for; where that fails, they are told and not the log alone. Never rejects. */
export async function orTell(
  context: ActionContext,
  place: Place,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    context.log('error', `${what}: ${messageOf(error)}`);
    const why = isAppError(error) ? error.message : 'the database does not answer';
    await tell(context, place, words(`That did not count: ${why}.`, 'Please answer again.'));
  }
}
