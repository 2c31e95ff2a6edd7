import type { Client } from 'pg';
import type { Stack } from './stack';

/** A person who answers every question with its first option and accepts whatever is up for review. */
export interface HelpfulPerson {
  client: Client;
  /** Adds a project that the rehearsal agent works on, and its priorities; their item ids. */
  plan(
    repository: string,
    priorities: { title: string; body?: string }[],
    settings?: object,
  ): Promise<number[]>;
  /** Answers and accepts until all items are done or blocked. */
  help(timeoutMs?: number): Promise<void>;
}

export async function helpfulPerson(stack: Stack, name = 'ada'): Promise<HelpfulPerson> {
  const { url } = await stack.person(name);
  const client = await stack.database.connect(url);
  return {
    client,
    async plan(repository, priorities, settings = {}) {
      const { rows } = await client.query<{ id: string }>(
        'select coffee.add_project(null, $1, $2, $3) as id',
        [
          `p${Math.random().toString(36).slice(2, 8)}`,
          repository,
          { agent: 'rehearsal', backoff_s: 0, ...settings },
        ],
      );
      const items: number[] = [];
      for (const { title, body } of priorities) {
        const item = await client.query<{ id: string }>(
          'select id from coffee.add_item($1, $2, $3)',
          [rows[0]!.id, title, body ?? ''],
        );
        items.push(Number(item.rows[0]!.id));
      }
      return items;
    },
    async help(timeoutMs = 40_000) {
      const end = Date.now() + timeoutMs;
      for (;;) {
        await client.query(
          `select coffee.answer(id, '1') from coffee.notifications where state = 'pending'`,
        );
        await client.query(
          `select coffee.accept_item(id) from coffee.roadmap_items
           where state = 'in_review' and accepted_at is null`,
        );
        const { rows } = await client.query<{ left: number; states: string }>(
          `select count(*) filter (where state not in ('done', 'blocked')) as left,
             string_agg(number || ' ' || state, ', ') as states from coffee.roadmap_items`,
        );
        if (rows[0]!.left === 0) return;
        if (Date.now() > end) throw new Error(`not done in time: ${rows[0]!.states}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
