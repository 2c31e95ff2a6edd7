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
import { orTell } from './or-tell';

/** What matters of a message event. */
export interface IncomingMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  /** Who wrote what it replies to. */
  parent_user_id?: string;
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

/**
 * A reply below a question is an answer to it. Everything else that is written is none of ours.
 * `botUser`: by which Slack tells that a message is the bot's.
 */
export async function onMessage(
  context: ActionContext,
  message: IncomingMessage,
  envelope: { event_id: string; team_id: string },
  botUser: string | undefined,
): Promise<void> {
  const { channel, thread_ts: thread, user, text = '', parent_user_id: parent } = message;
  if (thread === undefined || thread === message.ts || user === undefined) return;
  if (message.bot_id !== undefined || !BY_PEOPLE.includes(message.subtype)) return;
  if (text.trim() === '') return;
  const place = { channel, user, thread };
  const pass = async (): Promise<void> => {
    const id = await findQuestion(context, channel, thread, Number(message.ts));
    if (id === undefined) return;
    const given = { notificationId: id, answer: unescape(text).trim() };
    await giveAnswer(context, fromMessage({ ...message, user }, envelope), given, place);
  };
  // Whoever talks below somebody else's message does not care how the database is.
  if (parent !== undefined && parent !== botUser) await pass();
  else await orTell(context, place, `reply in ${channel}`, pass);
}

/** The question that this message is, unless it was settled long before `repliedAt` (seconds). */
async function findQuestion(
  context: ActionContext,
  channel: string,
  ts: string,
  repliedAt: number,
): Promise<number | undefined> {
  const signal = AbortSignal.timeout(60_000);
  const row = await findPosted(context, channel, ts, signal);
  if (row?.notification_id == null) return undefined;
  const id = row.notification_id;
  const note = await persist(() => getNotification(context.session, id), signal);
  if (note.kind !== 'question' || note.state === 'withdrawn') return undefined;
  const settledAt = note.answered_at === null ? Infinity : note.answered_at.getTime() / 1000;
  return repliedAt > settledAt + CROSSED_S ? undefined : id;
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
