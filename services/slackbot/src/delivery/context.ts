import type { Session } from '@coffee-roadmap/shared/db/session';
import { getNotification, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { findItemById } from '@coffee-roadmap/shared/roadmap/queries';
import { getCost } from '@coffee-roadmap/shared/slack/reading-queries';
import type { SlackConfig } from '../config';
import type { Log } from '../log';
import type { Message } from '../messages/message';
import { renderCard } from '../messages/question';
import type { SlackMessages } from './slack-messages';

export interface DeliveryContext {
  session: Session<'slackbot'>;
  config: SlackConfig;
  messages: SlackMessages;
  /** Of this process: what it claims, no other instance touches. */
  instance: string;
  log: Log;
}

/** The card of a notification as it is now. */
export async function readCard(
  session: Session<'slackbot'>,
  id: number,
  onCall: string[],
): Promise<{ note: Notification; message: Message }> {
  const note = await getNotification(session, id);
  const [item, cost] = await Promise.all([
    note.item_id === null ? undefined : findItemById(session, note.item_id),
    getCost(session, { itemId: note.item_id, attemptId: note.attempt_id }),
  ]);
  return { note, message: renderCard(note, { cost, itemTitle: item?.title ?? null, onCall }) };
}
