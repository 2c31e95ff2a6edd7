import { messageOf } from '@coffee-roadmap/shared/errors';
import type { Outcome } from '@coffee-roadmap/shared/slack/interaction-queries';
import { section, type Message } from '../messages/message';
import { escape } from '../messages/text';
import type { ActionContext } from './context';
import { insist } from './insist';

/** Where a word to one person goes: beside what they did, or, where that has no place, to them directly. */
export interface Place {
  channel: string | null;
  user: string;
  thread?: string;
}

/** Says it to one person alone: better twice than never. Never rejects: what was done is done. */
export async function tell(
  { client, log }: ActionContext,
  place: Place,
  message: Message,
): Promise<void> {
  try {
    const { channel, user, thread } = place;
    await insist(() =>
      channel === null
        ? client.chat.postMessage({ channel: user, ...message })
        : client.chat.postEphemeral({
            ...{ channel, user, ...message },
            ...(thread === undefined ? {} : { thread_ts: thread }),
          }),
    );
  } catch (error) {
    log('warn', `cannot tell ${place.user}: ${messageOf(error)}`);
  }
}

export function words(...lines: (string | undefined)[]): Message {
  const text = lines.filter((line) => line !== undefined && line !== '').join('\n');
  return { text: escape(text), blocks: [section(text)] };
}

/** What a person has to be told about what became of it; undefined when there is nothing to say. */
export function outcomeWords(outcome: Outcome, answer?: string): Message | undefined {
  if (outcome.repeated === true || outcome.outcome === 'done') return undefined;
  if (outcome.outcome === 'unlinked') {
    return words(`That did not count: ${outcome.message}.`, outcome.hint);
  }
  // Two clicks on the same button: the first one counted, and the message says so already.
  if (outcome.message === `${outcome.person} answered "${answer}" already`) return undefined;
  return words(`That did not count: ${outcome.message}.`, outcome.hint);
}
