import type { Dice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { query } from '../support/database';
import { git } from '../support/repository';
import type { Scene } from './scene';

/** What every priority asks, and what may be said to it. */
export const QUESTION = 'Which licence?';
export const CHOICES = ['MIT', 'Apache-2.0'];

/** A project whose priorities each take a moment, ask once and leave one file. */
export interface Roadmap {
  repository: string;
  titles: string[];
  /** One more. Fails where the database is away; it is not added twice. */
  add(): Promise<void>;
}

export async function planRoadmap({ stack, ada }: Scene, dice: Dice): Promise<Roadmap> {
  const repository = stack.repository('shop');
  const settings = { agent: 'rehearsal', backoff_s: 0 };
  const [project] = await query<{ id: string }>(
    ada.url,
    `select coffee.add_project(null, 'shop', $1, $2) as id`,
    [repository, settings],
  );
  const titles: string[] = [];
  return {
    repository,
    titles,
    async add() {
      const title = `Part ${titles.length + 1}`;
      const body = `Slow: ${1 + dice.below(4)}\nAsk: ${QUESTION} ${CHOICES.join(' / ')}`;
      const there = await query(ada.url, 'select from coffee.roadmap_items where title = $1', [
        title,
      ]);
      if (there.length === 0)
        await query(ada.url, 'select coffee.add_item($1, $2, $3)', [project!.id, title, body]);
      titles.push(title);
    },
  };
}

/** What the agent was told, by the file that it left for this title on main. */
export function decidedIn(repository: string, title: string): string | undefined {
  const file = `docs/${title.toLowerCase().replace(/ /g, '-')}.md`;
  const text = git(repository, 'show', `main:${file}`);
  return /^Decided: .*\? (.*)$/m.exec(text)?.[1];
}
