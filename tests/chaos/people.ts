import type { Dice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { query } from '../support/database';
import type { SlackMessage } from '../support/slack-web-methods';
import type { Cli } from '../stories/cli/program';
import { CHOICES } from './roadmap';
import type { Scene } from './scene';

/** Somebody answered a question; whether that counted, where whoever answered was told. */
export interface Try {
  question: number;
  answer: string;
  road: 'slack' | 'cli' | 'dashboard';
  told: 'taken' | 'refused' | 'nothing';
}

/** A notification in a state, as `notifications watch --json` tells of it. */
export interface Told {
  id: number;
  kind: string;
  state: string;
}

/** A person who answers by whatever is at hand, again where nothing came of it, and accepts. */
export interface Answerer {
  tries: Try[];
  /** One look at what waits. Fails where the database is away. */
  look(): Promise<void>;
}

interface Pending {
  id: number;
  state: string;
}

export function createAnswerer(scene: Scene, cli: Cli, dice: Dice): Answerer {
  const { ada, slack } = scene;
  const tries: Try[] = [];

  const roads: Record<Try['road'], (question: number, answer: string) => Promise<Try['told']>> = {
    async cli(question, answer) {
      const { code } = await cli.run(['respond', String(question), answer], {
        env: scene.clockOf('ada'),
      });
      return code === 0 ? 'taken' : code === 5 ? 'refused' : 'nothing';
    },
    async dashboard(question, answer) {
      const { status } = await ada.visitor.post(`/api/notifications/${question}/answer`, {
        answer,
      });
      return status === 200 ? 'taken' : status === 409 ? 'refused' : 'nothing';
    },
    async slack(question, answer) {
      const [message] = questionMessages(scene, question);
      const index = CHOICES.indexOf(answer);
      if (message !== undefined && isOpen(message) && slack.socket.open > 0)
        await ada.slack.send(ada.slack.click(message, `answer_${index}`));
      return 'nothing'; // Slack says no more than that the click arrived
    },
  };

  async function answer(question: number): Promise<void> {
    const said = { question, answer: dice.pick(CHOICES), road: dice.pick(ROADS) };
    const told = await roads[said.road](said.question, said.answer).catch(() => 'nothing' as const);
    tries.push({ ...said, told });
  }

  return {
    tries,
    async look() {
      const asked = await query<Pending>(
        ada.url,
        `select id::int, state from coffee.notifications where kind = 'question' and state = 'pending'`,
      );
      if (scene.over.aborted) return;
      // At times two answer at once, and not the same.
      const both = asked.flatMap(({ id }) => (dice.chance(0.4) ? [id, id] : [id]));
      await Promise.all(both.map(answer));
      await query(
        ada.url,
        `select coffee.accept_item(id) from coffee.roadmap_items
         where state = 'in_review' and accepted_at is null`,
      );
    },
  };
}

const ROADS = ['slack', 'cli', 'dashboard'] as const;

/** What Slack shows of a question: one message, if any. */
export const questionMessages = ({ slack }: Pick<Scene, 'slack'>, question: number) =>
  slack.messages.filter(({ blocks }) =>
    new RegExp(`uestion ${question}\\b`).test(JSON.stringify(blocks)),
  );

const isOpen = ({ blocks }: SlackMessage): boolean => blocks.some(({ type }) => type === 'actions');

/** Whether some message still has buttons to answer with. */
export const isAskedInSlack = ({ slack }: Pick<Scene, 'slack'>): boolean =>
  slack.messages.some(isOpen);
