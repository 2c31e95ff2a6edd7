import type { Client } from 'pg';
import { newKey } from './project-key';
import { createWorld, type World } from './world';

let world: World;
let collector: Client;
beforeAll(async () => {
  world = await createWorld();
  collector = await world.as('collector');
});
afterAll(() => world.close());

async function withKey(batch: object[], pair: string[]): Promise<void> {
  const { rows } = await collector.query<{ status: string }>(
    'select status from coffee.ingest_with_key($1, $2, $3)',
    [...pair, JSON.stringify(batch)],
  );
  expect(rows.filter(({ status }) => status !== 'accepted')).toEqual([]);
}

const at = '2026-11-20T10:00:00.000Z';
const event = (id: string, body: object, type: string): object => ({
  ...{ id, type, timestamp: at, body },
});

it('looks for a few rows an event, not all of the project, also with plans of when there were none', async () => {
  const [project] = await world.root<{ id: string }>(
    `insert into coffee.projects (team_id, name, repository) select team_id, 'grows', '/nowhere'
     from coffee.projects where id = $1 returning id`,
    [world.ids.red.project],
  );
  const pair = await newKey(await world.as('ben'), project!.id);
  const types = [
    'trace-create',
    'generation-create',
    'span-create',
    'event-create',
    'score-create',
  ];
  const batch = (name: string, rows: number): object[] =>
    Array.from({ length: rows }, (_, n) =>
      types.map((type) =>
        event(`${name} ${type} ${n}`, { id: `${name} ${n}`, name: 'x', value: 1 }, type),
      ),
    ).flat();
  // A session plans anew until it has seen a statement five times.
  for (let n = 0; n < 7; n += 1) await withKey([...batch(`early ${n}`, 1)], pair);
  await withKey(batch('many', 400), pair);
  await collector.query('begin');
  // Half of them are new, half are there.
  await withKey(
    [...batch('late', 10), ...batch('many', 10)].map((one, n) => ({ ...one, id: `again ${n}` })),
    pair,
  );
  const { rows } = await collector.query<{ relname: string; read: number }>(
    `select relname, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_xact_user_tables
     where relname in ('traces', 'generations', 'spans', 'events', 'scores', 'trace_event_ids')`,
  );
  await collector.query('rollback');
  expect(rows).toHaveLength(6);
  expect(rows.filter(({ read }) => read >= 300)).toEqual([]);
});
