import { blockProblems } from './block-kit';

type Args = Record<string, unknown>;

export interface SlackMessage {
  channel: string;
  ts: string;
  text: string;
  blocks: Record<string, unknown>[];
  metadata: unknown;
  /** How often it was changed. */
  edits: number;
}

/** What is in the loopback Slack. */
export interface SlackState {
  messages: SlackMessage[];
  ephemerals: { channel: string; user: string; text: string; blocks: unknown }[];
  views: { view: Record<string, unknown> }[];
  homes: { user: string; view: Record<string, unknown> }[];
  responses: Record<string, unknown>[];
  /** Channels that the bot was not invited into. */
  closed: Set<string>;
  /** When a message is written, which is also its name: no two have the same. */
  newTs(): string;
}

export const TEAM = 'T0TEAM';

export function messageClock(): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now() * 1000);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
}

export function webMethods(
  state: SlackState,
  socketUrl: string,
): Record<string, (args: Args) => object> {
  const { newTs } = state;
  const refusal = (args: Args): object | undefined => {
    if (state.closed.has(String(args.channel))) return { ok: false, error: 'not_in_channel' };
    const problems = args.blocks === undefined ? [] : blockProblems(args.blocks);
    if (problems.length === 0) return undefined;
    return { ok: false, error: 'invalid_blocks', response_metadata: { messages: problems } };
  };
  const view = (args: Args, keep: (view: Record<string, unknown>) => void): object => {
    const shown = args.view as Record<string, unknown>;
    const problems = blockProblems(shown.blocks, 100);
    if (problems.length > 0) return { ok: false, error: 'invalid_blocks', problems };
    keep(shown);
    return { ok: true, view: { id: 'V1' } };
  };
  return {
    'auth.test': () => ({
      ok: true,
      team_id: TEAM,
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
      user: 'bot',
    }),
    'apps.connections.open': () => ({ ok: true, url: socketUrl }),
    'chat.postMessage': (args) => {
      const refused = refusal(args);
      if (refused !== undefined) return refused;
      const message: SlackMessage = {
        channel: String(args.channel),
        ts: newTs(),
        text: String(args.text),
        blocks: (args.blocks ?? []) as Record<string, unknown>[],
        metadata: args.metadata,
        edits: 0,
      };
      state.messages.push(message);
      return { ok: true, channel: message.channel, ts: message.ts };
    },
    'chat.update': (args) => {
      const refused = refusal(args);
      if (refused !== undefined) return refused;
      const message = state.messages.find(
        ({ channel, ts }) => channel === args.channel && ts === args.ts,
      );
      if (message === undefined) return { ok: false, error: 'message_not_found' };
      message.text = String(args.text);
      message.blocks = args.blocks as Record<string, unknown>[];
      message.edits += 1;
      return { ok: true, channel: message.channel, ts: message.ts };
    },
    'chat.postEphemeral': (args) => {
      const refused = refusal(args);
      if (refused !== undefined) return refused;
      const { channel, user, text, blocks } = args;
      state.ephemerals.push({
        channel: String(channel),
        user: String(user),
        text: String(text),
        blocks,
      });
      return { ok: true, message_ts: newTs() };
    },
    'conversations.history': (args) => {
      const all = state.messages.filter(
        ({ channel, ts }) => channel === args.channel && Number(ts) >= Number(args.oldest ?? 0),
      );
      // The newest first, two a page, so that the next page has to be asked for.
      const from = Number(args.cursor ?? 0);
      const page = [...all].reverse().slice(from, from + 2);
      const metadata = args.include_all_metadata === 'true';
      return {
        ok: true,
        messages: page.map((message) => ({
          ts: message.ts,
          ...(metadata ? { metadata: message.metadata } : {}),
        })),
        response_metadata: { next_cursor: from + 2 < all.length ? String(from + 2) : '' },
      };
    },
    'views.open': (args) => view(args, (shown) => state.views.push({ view: shown })),
    'views.publish': (args) =>
      view(args, (shown) => state.homes.push({ user: String(args.user_id), view: shown })),
  };
}
