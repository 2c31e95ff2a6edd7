import { valueOf } from './refusal';
import { slackFrom } from './seed';
import type { World } from './world';

export interface Outcome {
  outcome: 'done' | 'refused' | 'unlinked';
  code?: string;
  message?: string;
  hint?: string;
  person?: string;
  repeated?: boolean;
  result?: Record<string, unknown>;
}

let keys = 0;
export const newKey = (): string => `key ${(keys += 1)}`;

/** What came from Slack, from the account linked to ben and from the one linked to carla. */
export const red = (key = newKey()): object => slackFrom(key, 'red');
export const blue = (key = newKey()): object => slackFrom(key, 'blue');

/** What the bot calls, as the bot, and what it is about. */
export interface SlackCalls {
  answer(from: object, notification: number, text: string): Promise<Outcome>;
  roadmap(from: object, verb: string, args: object): Promise<Outcome>;
  question(): Promise<number>;
  stateOf(notification: number): Promise<Record<string, unknown>>;
}

export function slackCalls(world: () => World): SlackCalls {
  return {
    async answer(from, notification, text) {
      const bot = await world().as('slackbot');
      return valueOf(bot, 'select coffee.slack_answer($1, $2, $3)', [from, notification, text]);
    },
    async roadmap(from, verb, args) {
      const bot = await world().as('slackbot');
      return valueOf(bot, 'select coffee.slack_roadmap($1, $2, $3)', [from, verb, args]);
    },
    async question() {
      const daemon = await world().as('daemon');
      const sql = `select id from coffee.ask($1, 'Which?', '', $2)`;
      const settings = { options: [{ label: 'Yes' }, { label: 'No' }] };
      return Number(await valueOf(daemon, sql, [world().ids.red.project, settings]));
    },
    async stateOf(notification) {
      const rows = await world().root<Record<string, unknown>>(
        `select state, answer, answered_by, answered_by_name, answered_via
         from coffee.notifications where id = $1`,
        [notification],
      );
      return rows[0]!;
    },
  };
}
