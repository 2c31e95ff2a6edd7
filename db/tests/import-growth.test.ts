import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { importRecords, messageText, phrases, usage, userMessage } from './reports';
import { valueOf } from './refusal';
import { createWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const BATCH = 100;

/** Rows of a table that were read here, in this transaction and in those just before it. */
const READ = `select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int
  from pg_catalog.pg_stat_xact_user_tables where relid = $1::regclass`;

it.each<[string, (name: string) => MachineRecord]>([
  ['coffee.usage_records', (name) => usage({ message_id: name, request_id: `req_${name}` })],
  ['coffee.activity_events', (name) => userMessage(name)],
  ['coffee.phrase_records', (name) => phrases(['absolutely'], name)],
  ['coffee.message_texts', (name) => messageText(name, 'words')],
  [
    'coffee.agent_sessions',
    (name) => ({ ...userMessage(name), session_id: name }) as MachineRecord,
  ],
])('a batch reads no more of %s the more there is', async (table, make) => {
  const ben = await world.as('ben');
  const batch = (n: number): MachineRecord[] =>
    Array.from({ length: BATCH }, (_, i) => make(`${table}_${n}_${i}`));
  // Twelve times: plans of the first calls are made for their arguments, those after that are kept.
  for (let n = 0; n < 12; n += 1) {
    expect(await importRecords(ben, batch(n))).toMatchObject({ inserted: BATCH });
    for (const again of [batch(n + 1), batch(n)]) {
      await ben.query('begin');
      const before = await valueOf<number>(ben, READ, [table]);
      await importRecords(ben, again);
      const read = (await valueOf<number>(ben, READ, [table])) - before;
      await ben.query('rollback');
      expect(read).toBeLessThanOrEqual(5 * BATCH);
    }
  }
});
