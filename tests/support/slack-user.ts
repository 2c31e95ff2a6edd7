import { randomUUID } from 'node:crypto';
import type { SlackApi } from './slack-api';
import type { Delivered } from './slack-socket';
import { TEAM, type SlackMessage } from './slack-web-methods';

type Payload = Record<string, unknown>;

/** Somebody who uses Slack. Payloads are as Slack makes them; sending one again is a redelivery. */
export interface SlackUser {
  readonly id: string;
  /** A click on the element with this action id of a message. */
  click(message: SlackMessage, actionId: string, more?: Payload): Payload;
  /** What a modal that is open says when it is sent. */
  submit(view: Payload, words: string): Payload;
  /** A slash command. */
  roadmap(text: string, channel?: string): Payload;
  /** A reply in the thread of a message. */
  reply(message: SlackMessage, text: string): Payload;
  openHome(): Payload;
  /** Delivers one of them. */
  send(payload: Payload, retry?: { attempt: number; reason: string }): Promise<Delivered>;
}

let clock = Date.now() / 1000;
const now = (): string => (clock += 0.000123).toFixed(6);

export function slackUser(slack: SlackApi, id: string, team = TEAM): SlackUser {
  const user = { id, username: id.toLowerCase(), name: id.toLowerCase(), team_id: team };
  const event = (body: Payload): Payload => ({
    type: 'event_callback',
    team_id: team,
    api_app_id: 'A0APP',
    event_id: `Ev${randomUUID().slice(0, 8)}`,
    event_time: Math.floor(clock),
    authorizations: [{ team_id: team, user_id: 'U0BOT', is_bot: true }],
    event: body,
  });
  return {
    id,
    click(message, actionId, more = {}) {
      const block = message.blocks.find(({ type }) => type === 'actions') ?? {};
      const elements = (block.elements ?? []) as Payload[];
      const element = elements.find(({ action_id }) => action_id === actionId);
      if (element === undefined) throw new Error(`the message has no ${actionId}`);
      const { type, value } = element;
      const action = {
        type,
        action_id: actionId,
        block_id: block.block_id,
        value,
        action_ts: now(),
      };
      const { state, ...change } = more;
      return {
        type: 'block_actions',
        team: { id: team },
        user,
        api_app_id: 'A0APP',
        trigger_id: randomUUID(),
        response_url: slack.responseUrl,
        channel: { id: message.channel },
        container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
        message: { ts: message.ts, type: 'message' },
        state: state ?? { values: {} },
        actions: [{ ...action, ...change }],
      };
    },
    submit: (view, words) => ({
      type: 'view_submission',
      team: { id: team },
      user,
      api_app_id: 'A0APP',
      trigger_id: randomUUID(),
      view: {
        ...view,
        id: `V${randomUUID().slice(0, 8)}`,
        hash: randomUUID().slice(0, 8),
        state: { values: { words: { words: { type: 'plain_text_input', value: words } } } },
      },
    }),
    roadmap: (text, channel = 'C0TEAM') => ({
      command: '/roadmap',
      text,
      team_id: team,
      user_id: id,
      user_name: id.toLowerCase(),
      channel_id: channel,
      api_app_id: 'A0APP',
      trigger_id: randomUUID(),
      response_url: slack.responseUrl,
    }),
    reply: (message, text) =>
      event({
        type: 'message',
        channel: message.channel,
        channel_type: 'channel',
        user: id,
        team,
        text,
        ts: slack.newTs(),
        thread_ts: message.ts,
        parent_user_id: 'U0BOT',
      }),
    openHome: () => event({ type: 'app_home_opened', user: id, channel: 'D0HOME', tab: 'home' }),
    send(payload, retry) {
      const type =
        payload.type === 'event_callback'
          ? 'events_api'
          : payload.command === undefined
            ? 'interactive'
            : 'slash_commands';
      return slack.socket.deliver(type, payload, retry);
    },
  };
}
