import type { Client } from 'pg';
import type { Stack } from './stack';

/** A person with a login of her own, who speaks plain SQL. */
export interface HelpfulPerson {
  name: string;
  url: string;
  client: Client;
  /** Adds a project that the rehearsal agent works on unless `settings` say otherwise; its id. */
  project(repository: string, settings?: object): Promise<string>;
  /** Adds a priority; its item id. */
  add(project: string, title: string, body?: string): Promise<number>;
  /** Both at once: a project and its priorities; their item ids. */
  plan(
    repository: string,
    priorities: { title: string; body?: string }[],
    settings?: object,
  ): Promise<number[]>;
  /** Calls one function of the database and returns its first row. */
  call<Row extends object>(statement: string, ...params: unknown[]): Promise<Row>;
  /** Answers every question with its first option and accepts what is up for review, until all is done or blocked. */
  help(timeoutMs?: number): Promise<void>;
}

export async function helpfulPerson(stack: Stack, name = 'ada'): Promise<HelpfulPerson> {
  const { url } = await stack.person(name);
  const client = await stack.database.connect(url);
  const call = async <Row extends object>(statement: string, ...params: unknown[]) => {
    const { rows } = await client.query<Row & Record<string, unknown>>(statement, params);
    return rows[0]!;
  };
  const person: HelpfulPerson = {
    name,
    url,
    client,
    call,
    async project(repository, settings = {}) {
      const { id } = await call<{ id: string }>(
        'select coffee.add_project(null, $1, $2, $3) as id',
        `p${Math.random().toString(36).slice(2, 8)}`,
        repository,
        { agent: 'rehearsal', backoff_s: 0, ...settings },
      );
      return id;
    },
    async add(project, title, body = '') {
      const { id } = await call<{ id: string }>(
        'select id from coffee.add_item($1, $2, $3)',
        project,
        title,
        body,
      );
      return Number(id);
    },
    async plan(repository, priorities, settings) {
      const project = await person.project(repository, settings);
      const items: number[] = [];
      for (const { title, body } of priorities) items.push(await person.add(project, title, body));
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
        const { left, states } = await call<{ left: number; states: string }>(
          `select count(*) filter (where state not in ('done', 'blocked'))::int as left,
             string_agg(number || ' ' || state, ', ') as states from coffee.roadmap_items`,
        );
        if (left === 0) return;
        if (Date.now() > end) throw new Error(`not done in time: ${states}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
  return person;
}
