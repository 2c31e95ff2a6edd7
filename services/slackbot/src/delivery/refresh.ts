import { listOutdated, recordShown } from '@coffee-roadmap/shared/slack/outbox-queries';
import { failureOf } from '../bolt';
import { readCard, type DeliveryContext } from './context';

/** Brings messages up to date whose question was answered, here or elsewhere, timed out or withdrawn. */
export async function refreshMessages(context: DeliveryContext): Promise<void> {
  const { session, config, messages, log } = context;
  for (const row of await listOutdated(session)) {
    const { note, message } = await readCard(session, row.notification_id!, config.onCall);
    try {
      const where = { channel: row.slack_channel!, ts: row.slack_ts! };
      await messages.update(where, row.id, message);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'refused') throw error;
      // Deleted by somebody, or in a channel that is no more: nothing is there to be changed.
      log('warn', `the message of question ${note.id} cannot be changed: ${failure.error}`);
    }
    await recordShown(session, row.id, note.state);
  }
}
