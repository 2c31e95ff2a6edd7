import type { WebClient } from '../bolt';
import type { Message } from '../messages/message';

export interface Posted {
  channel: string;
  ts: string;
}

/** The bot's messages in Slack. Each carries the id of its outbox row, by which it is found again. */
export interface SlackMessages {
  post(channel: string, outboxId: number, message: Message): Promise<Posted>;
  update(where: Posted, outboxId: number, message: Message): Promise<void>;
  /** Undefined when it was not posted. `since`: when the first try began. */
  find(channel: string, outboxId: number, since: Date): Promise<Posted | undefined>;
}

const EVENT_TYPE = 'coffee_roadmap_message';
/** Clocks differ, ours and Slack's. */
const CLOCK_SLACK_S = 120;

/** `installation`: tells databases apart that share a channel. */
export function createSlackMessages(client: WebClient, installation: string): SlackMessages {
  const content = (outboxId: number, { text, blocks }: Message) => ({
    text,
    blocks,
    unfurl_links: false,
    unfurl_media: false,
    metadata: {
      event_type: EVENT_TYPE,
      event_payload: { installation, outbox: String(outboxId) },
    },
  });
  return {
    async post(channel, outboxId, message) {
      const sent = await client.chat.postMessage({ channel, ...content(outboxId, message) });
      return { channel: sent.channel ?? channel, ts: sent.ts! };
    },

    async update({ channel, ts }, outboxId, message) {
      await client.chat.update({ channel, ts, ...content(outboxId, message) });
    },

    async find(channel, outboxId, since) {
      const oldest = (since.getTime() / 1000 - CLOCK_SLACK_S).toFixed(6);
      let cursor: string | undefined;
      do {
        const page = await client.conversations.history({
          channel,
          oldest,
          cursor,
          limit: 200,
          include_all_metadata: true,
        });
        const found = page.messages?.find(({ metadata }) => {
          const payload = metadata?.event_payload as Record<string, unknown> | undefined;
          return (
            metadata?.event_type === EVENT_TYPE &&
            payload?.installation === installation &&
            payload.outbox === String(outboxId)
          );
        });
        if (found?.ts !== undefined) return { channel, ts: found.ts };
        cursor = page.response_metadata?.next_cursor;
      } while (cursor !== undefined && cursor !== '');
      return undefined;
    },
  };
}
