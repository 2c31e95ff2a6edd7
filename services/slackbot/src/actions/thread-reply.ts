import { getNotification } from '@coffee-roadmap/shared/notifications/queries';
import {
  findByMessage,
  isBeingPosted,
  type OutboxRow,
} from '@coffee-roadmap/shared/slack/outbox-queries';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { setTimeout as pause } from 'node:timers/promises';
import { unescape } from '../messages/text';
import type { ActionContext } from './context';
import { fromMessage } from './from';
import { giveAnswer } from './give-answer';

/** What matters of a message event. */
export interface IncomingMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  text?: string;
  user?: string;
  user_team?: string;
  team?: string;
  subtype?: string;
  bot_id?: string;
}

const BY_PEOPLE = [undefined, 'thread_broadcast', 'file_share'];
/** A reply to a question that was settled longer ago is talk; a later one may have crossed the answer. */
const CROSSED_S = 10;

/** A reply below a question is an answer to it. Everything else that is written is none of ours. */
export async function onMessage(
  context: ActionContext,
  message: IncomingMessage,
  envelope: { event_id: string; team_id: string },
): Promise<void> {
  const { channel, thread_ts: thread, user, text = '' } = message;
  if (thread === undefined || thread === message.ts || user === undefined) return;
  if (message.bot_id !== undefined || !BY_PEOPLE.includes(message.subtype)) return;
  const signal = AbortSignal.timeout(60_000);
  const row = await findPosted(context, channel, thread, signal);
  if (row?.notification_id == null) return;
  const id = row.notification_id;
  const note = await persist(() => getNotification(context.session, id), signal);
  if (note.kind !== 'question' || text.trim() === '') return;
  const settledAt = note.answered_at === null ? Infinity : note.answered_at.getTime() / 1000;
  if (note.state === 'withdrawn' || Number(message.ts) > settledAt + CROSSED_S) return;
  const from = fromMessage({ ...message, user }, envelope);
  const answer = unescape(text).trim();
  await giveAnswer(context, from, { notificationId: id, answer }, { channel, user, thread });
}

const LOOK_AGAIN_MS = 100;

/**
 * What was posted as this message. People may be quicker than we are: the message is in the channel
 * before it is written down, and long before where the bot was killed in between.
 */
async function findPosted(
  { session }: ActionContext,
  channel: string,
  ts: string,
  signal: AbortSignal,
): Promise<OutboxRow | undefined> {
  for (;;) {
    // Asked first: what is written down between the two is found.
    const posting = await persist(() => isBeingPosted(session, channel, ts), signal);
    const row = await persist(() => findByMessage(session, channel, ts), signal);
    if (row !== undefined || !posting) return row;
    await pause(LOOK_AGAIN_MS, undefined, { signal });
  }
}
