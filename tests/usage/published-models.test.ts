import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { loadModelUse } from '@coffee-roadmap/shared/publishing/queries';
import { randomUUID } from 'node:crypto';
import { RED_MACHINE, usage } from '../../db/tests/reports';
import { createTestDatabase, query, type TestDatabase } from '../support/database';

let database: TestDatabase;
let anna: Session<'person'>;
beforeAll(async () => {
  database = await createTestDatabase();
  const password = 'for this test only';
  const who = { kind: 'person', name: 'anna', password } as const;
  const login = await ensureLogin(database.superuserUrl, who);
  anna = await openSession(database.urlFor(login, password), 'person');
});
afterAll(async () => {
  await anna.close();
  await database.drop();
});

it('adds calls up by span, folder and model, and leaves out those that a trace reports', async () => {
  const call = (name: string | null, at: string, change: object = {}): ReturnType<typeof usage> =>
    usage({ message_id: name, line_uuid: randomUUID(), at, ...change });
  const records = [
    call('before', '2026-02-28T23:59:59.999Z'),
    call('first', '2026-03-01T00:00:00.000Z'),
    call('again', '2026-03-01T12:00:00.000Z', { logged_cost_usd: '0.5' }),
    call(null, '2026-03-01T13:00:00.000Z'),
    call('elsewhere', '2026-03-01T14:00:00.000Z', { folder: '/home/ada/other' }),
    call('unknown', '2026-03-01T15:00:00.000Z', { model: 'nobody knows\u200b' }),
    call('traced', '2026-03-01T16:00:00.000Z', { output_tokens: 1_000_000 }),
    call('second', '2026-03-02T00:00:00.000Z'),
    call('after', '2026-03-04T00:00:00.000Z'),
  ];
  const counts = await importBatch(
    { session: anna },
    { machineId: RED_MACHINE, road: 'direct', records },
  );
  expect(counts.reasons).toEqual({});
  await query(
    database.superuserUrl,
    `with made as (insert into coffee.projects (team_id, name, repository)
       select id, 'shop', '/srv/shop' from coffee.teams returning id)
     insert into coffee.generations (project_id, id, message_id, seen_at, stamp)
     select id, 'g1', 'traced', now(), 0 from made`,
  );
  const day = (date: string): { from: number; to: number } => {
    const from = Date.parse(`${date}T00:00:00Z`);
    return { from, to: from + 86_400_000 };
  };
  const found = await loadModelUse(anna, ['2026-03-01', '2026-03-03', '2026-03-02'].map(day));
  const shown = found.map((span) =>
    span.map((one) => [one.folder, one.model, one.output_tokens, one.unpriced_calls]),
  );
  expect(shown).toEqual([
    [
      ['/home/ada/other', 'claude-opus-4-5', 20, 0],
      ['/home/ada/src', 'claude-opus-4-5', 60, 0],
      ['/home/ada/src', 'nobody knows', 20, 1],
    ],
    [],
    [['/home/ada/src', 'claude-opus-4-5', 20, 0]],
  ]);
  expect(found[0]![1]).toMatchObject({
    ...{ input_tokens: 30, cache_read_tokens: 90, cache_write_tokens: 270 },
  });
  expect(found[0]![1]!.cost_nanos).toBe(500_000_000 + 2 * found[2]![0]!.cost_nanos);
});
