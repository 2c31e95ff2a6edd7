import type { Client } from 'pg';
import { moveIn, ROLL_BACK, rowsOfAll } from './move-in';
import { attempt, codeOf, CONFLICT, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import type { Machine } from '@coffee-roadmap/shared/machines/queries';
import { findMachine } from '@coffee-roadmap/shared/move-ins/find-machine';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { importRecords, RED_MACHINE, usage } from './reports';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

const TABLES = [
  ...['day_uploads', 'usage_records', 'usage_buckets', 'usage_days'],
  ...['activity_events', 'machines', 'import_problems'],
];
const everything = (): Promise<Record<string, unknown>> => rowsOfAll(world, TABLES);

const day = (date: string, patterns: Record<string, number>, total = 10): object => ({
  day: date,
  patterns,
  total,
});
const moveDays = (client: Client, machine: string, days: object[]): Promise<unknown> =>
  valueOf(client, 'select coffee.move_in_days($1, $2)', [machine, JSON.stringify(days)]);

/** Returns the batch's number. */
const move = async (client: Client, work: () => Promise<unknown>): Promise<number> =>
  (await moveIn(client, 'ccu', work))[0];

it('knows every table that says of which machine its rows are', async () => {
  const [row] = await world.root<{ asked: string }>(`select priv.machine_in_use('t') as asked`);
  const asked = [...row!.asked.matchAll(/from coffee\.(\w+)/g)].map(([, name]) => name);
  const tables = await world.root<{ name: string }>(
    `select c.relname::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where a.attname = 'machine_id' and c.relnamespace = 'coffee'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and not a.attisdropped`,
  );
  // Computed of what the others hold.
  const computed = ['day_counts', 'time_intervals', 'usage_buckets', 'usage_days'];
  expect([...asked, ...computed].sort()).toEqual(tables.map(({ name }) => name).sort());
});

it('moves in what is new, keeps the larger of two counts, and takes back all of it exactly', async () => {
  await move(ben, () =>
    moveDays(ben, 'older', [day('2025-10-12', { right: 5, perfect: 2 }), day('2025-10-13', {})]),
  );
  await importRecords(ben, [usage({ message_id: 'msg_moved', output_tokens: 5 })]);
  const before = await everything();

  const batch = await move(ben, async () => {
    expect(
      await moveDays(ben, 'older', [
        day('2025-10-12', { right: 3, perfect: 9 }, 8),
        day('2025-10-13', {}),
        day('2025-10-14', { right: 1 }),
        day('1999-01-01', {}),
        day('2025-10-15', { right: -1 }),
      ]),
    ).toEqual({
      inserted: 1,
      revised: 1,
      duplicate: 1,
      refused: 2,
      conflicts: 0,
      reasons: { day: 1, count: 1 },
    });
    await moveDays(ben, 'brand new', [day('2025-10-12', { right: 1 })]);
    // One that is known and says more, and one that is new; twice, as chunks of one batch may be.
    for (const output_tokens of [50, 60])
      await importRecords(ben, [
        usage({ message_id: 'msg_moved', output_tokens }),
        usage({ message_id: null, line_uuid: 'line-1', output_tokens }),
        usage({ message_id: 'msg_wrong', at: '1999-01-01T00:00:00.000Z' }),
      ]);
  });
  const [larger] = await world.root<{ patterns: object; total_messages: string }>(
    `select patterns, total_messages::int from coffee.day_uploads u where replaced_at is null and day = '2025-10-12'
      and patterns ? 'perfect'`,
  );
  expect(larger).toEqual({ patterns: { right: 5, perfect: 9 }, total_messages: 10 });
  expect(await everything()).not.toEqual(before);

  expect(await valueOf(ben, ROLL_BACK, [batch, false])).toMatchObject({ kept: 0 });
  expect(await everything()).toEqual(before);
  expect(await codeOf(ben, ROLL_BACK, [batch, false])).toBe(CONFLICT);
  expect(await world.root(`select from coffee.move_changes where batch_id = ${batch}`)).toEqual([]);
});

it('refuses to take back what was changed since, or leaves that as it is now', async () => {
  const batch = await move(ben, () =>
    moveDays(ben, 'later', [day('2025-11-01', { right: 1 }), day('2025-11-02', { right: 1 })]),
  );
  const later = await move(ben, () => moveDays(ben, 'later', [day('2025-11-01', { right: 4 })]));
  const refused = await attempt(ben, ROLL_BACK, [batch, false]);
  expect(refused).toMatchObject({ code: CONFLICT, message: expect.stringContaining('1 of what') });
  await ben.query('begin');
  expect(await valueOf(ben, ROLL_BACK, [batch, true])).toMatchObject({ kept: 1 });
  expect(
    await valueOf(ben, `select count(*)::int from coffee.day_uploads where day = '2025-11-02'`),
  ).toBe(0);
  await ben.query('rollback');
  expect(await valueOf(ben, ROLL_BACK, [later, false])).toMatchObject({ kept: 0 });
  expect(await valueOf(ben, ROLL_BACK, [batch, false])).toMatchObject({ kept: 0 });
});

it('leaves a machine while calls of it are there that were priced anew since', async () => {
  const tokens = { cache_read_tokens: 0, cache_write_5m_tokens: 0, cache_write_1h_tokens: 0 };
  const batch = await move(ben, async () => {
    const machineId = await valueOf<string>(ben, `select coffee.move_machine('priced tower')`);
    const call = usage({ message_id: 'msg_priced', model: 'my-model', ...tokens }, machineId);
    await importRecords(ben, [call], { machineId });
  });
  const anna = await world.as('anna');
  await anna.query('select coffee.import_prices($1)', [
    JSON.stringify([{ model: 'my-model', input: 1, output: 2 }]),
  ]);
  expect(await valueOf(ben, 'select coffee.reprice_usage()')).toBe('1');
  expect(await codeOf(ben, ROLL_BACK, [batch, false])).toBe(CONFLICT);
  expect(await valueOf(ben, ROLL_BACK, [batch, true])).toMatchObject({ kept: 1 });
  const { rows } = await ben.query(
    `select m.label from coffee.usage_records u join coffee.machines m on m.id = u.machine_id
     where u.message_id = 'msg_priced'`,
  );
  expect(rows).toEqual([{ label: 'priced tower' }]);
});

it('writes down nothing that is no part of the move, and leaves nothing of one that was not finished', async () => {
  const days = JSON.stringify([day('2025-11-05', {})]);
  expect(await codeOf(ben, `select coffee.move_in_days('older', $1)`, [days])).toBe(INVALID);
  expect(await codeOf(ben, `select coffee.finish_move_in('{}')`)).toBe(INVALID);
  expect(await codeOf(ben, `select coffee.begin_move_in('something', 'x')`)).toBe(INVALID);
  const before = await everything();
  await ben.query('begin');
  await ben.query(`select coffee.begin_move_in('ccu', 'x')`);
  await moveDays(ben, 'older', [day('2025-11-05', { right: 1 })]);
  expect(await codeOf(ben, `select coffee.begin_move_in('ccu', 'x')`)).toBe(CONFLICT);
  await ben.query('rollback');
  expect(await everything()).toEqual(before);

  const batch = await move(ben, () => moveDays(ben, 'older', [day('2025-11-06', { right: 1 })]));
  await importRecords(ben, [usage({ message_id: 'msg_besides' })]);
  await ben.query(ROLL_BACK, [batch, false]);
  expect(
    await valueOf(
      ben,
      `select count(*)::int from coffee.usage_records where message_id = 'msg_besides'`,
    ),
  ).toBe(1);
});

it('gives working time back as it was, and has its days computed anew', async () => {
  const log = (name: string, started: string, note: string | null = null): MachineRecord => {
    const at = new Date(Date.parse(started) + 3_600_000).toISOString();
    return {
      ...{
        v: 1,
        type: 'manual_log',
        source: 'manual',
        at,
        note,
        session_id: null,
        folder: '/shop',
      },
      ...{ started_at: started, duration_ms: 3_600_000, issue: 'local:42' },
      id: `${RED_MACHINE}:manual:manual_log:${at}:${name}`,
    };
  };
  const days = (): Promise<{ day: string; has_events: boolean; stale: boolean }[]> =>
    world.root(`select day::text, has_events, computed_version is distinct from version as stale
      from coffee.time_days where person_id = '${world.ids.red.person}' and day between '2025-12-01' and '2025-12-31'
      order by day`);
  await importRecords(ben, [log('before', '2025-12-01T10:00:00.000Z')]);
  const save = (day: string): Promise<unknown> =>
    ben.query(
      `select coffee.save_time_days(jsonb_build_array(jsonb_build_object('day', day, 'version', version,
        'has_events', true, 'intervals', '[]'::jsonb))) from coffee.time_days where day = $1`,
      [day],
    );
  const before = await everything();

  const batch = await move(ben, () =>
    importRecords(ben, [
      log('before', '2025-12-01T10:00:00.000Z', 'revised'),
      log('beside', '2025-12-01T12:00:00.000Z'),
      log('midnight', '2025-12-05T23:30:00.000Z'),
    ]),
  );
  for (const day of ['2025-12-01', '2025-12-05', '2025-12-06']) await save(day);
  expect(await days()).toEqual(
    ['2025-12-01', '2025-12-05', '2025-12-06'].map((day) => ({
      ...{ day, has_events: true, stale: false },
    })),
  );
  expect(await valueOf(ben, ROLL_BACK, [batch, false])).toMatchObject({ kept: 0 });
  expect(await everything()).toEqual(before);
  expect(await days()).toEqual([
    { day: '2025-12-01', has_events: true, stale: true },
    { day: '2025-12-05', has_events: false, stale: true },
    { day: '2025-12-06', has_events: false, stale: true },
  ]);
});

it('takes the same machine for a name as what is read here does, also of several', async () => {
  const at = (hour: number): string => `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`;
  const made = [
    // By name alone, although it is the oldest; two of one age; one that was called so, and is older.
    ...[
      [1, 'Desk', [], true, at(1)],
      [3, 'desk', [], false, at(3)],
      [2, 'DESK', [], false, at(3)],
    ],
    ...[
      [4, 'attic', ['desk'], false, at(2)],
      [5, 'cellar', ['Old'], false, at(4)],
    ],
    ...[
      [6, 'barn', ['old'], false, at(3)],
      [7, 'shed', ['old'], true, at(1)],
    ],
  ] as const;
  const idOf = (n: number): string => `aaaaaaaa-0000-4000-8000-00000000000${n}`;
  await ben.query('begin');
  await ben.query(`select coffee.begin_move_in('ccu', 'x')`);
  for (const [n, label, aliases, namedOnly, createdAt] of made)
    await world.root(
      `insert into coffee.machines (person_id, id, label, aliases, named_only, created_at)
        values ('${world.ids.red.person}', '${idOf(n)}', '${label}',
          '{${aliases.join()}}', ${namedOnly}, '${createdAt}')`,
    );
  const { rows } = await ben.query<Machine>(
    'select * from coffee.machines order by lower(label), id',
  );
  for (const [name, n] of [
    ...([
      ['desk', 2],
      [' dE\u202esk ', 2],
      ['old', 6],
      ['shed', 7],
    ] as const),
    [idOf(1).toUpperCase(), 1],
  ] as const) {
    const found = await valueOf(ben, 'select coffee.move_machine($1)', [name]);
    expect([name, found, findMachine(rows, name)?.id]).toEqual([name, idOf(n), idOf(n)]);
  }
  await ben.query('rollback');
  await world.root(`delete from coffee.machines where id::text like 'aaaaaaaa-%'`);
});

it('is each person’s own, and of nobody else', async () => {
  const batch = await move(ben, () => moveDays(ben, 'own', [day('2025-11-07', { right: 1 })]));
  const carla = await world.as('carla');
  expect(await valueOf(carla, `select array_agg(source) from coffee.move_batches`)).toEqual([
    '/home/blue/secret.db',
  ]);
  expect(await codeOf(carla, ROLL_BACK, [batch, true])).toBe(NOT_FOUND);
  // While ben moves, nothing that carla does is part of it.
  await ben.query('begin');
  await ben.query(`select coffee.begin_move_in('ccu', 'x')`);
  expect(await codeOf(carla, `select coffee.move_in_days('own', '[]')`)).toBe(INVALID);
  await ben.query('rollback');

  for (const sql of [
    'select * from coffee.move_changes',
    'select writing from coffee.move_batches',
    `update coffee.move_batches set rolled_back_at = null`,
    `delete from coffee.move_batches`,
    `insert into coffee.move_changes (person_id, batch_id, relation, row_key) select person_id, id, 'x', '[]' from coffee.move_batches`,
    `select priv.take_back('${world.ids.blue.person}', 1, 'coffee.day_uploads', 'false')`,
  ])
    expect(await codeOf(ben, sql)).toBe(NOT_ALLOWED);
  for (const who of ['daemon', 'collector', 'slackbot', 'dashboard'] as const) {
    const client = await world.as(who);
    expect(await codeOf(client, `select coffee.begin_move_in('ccu', 'x')`)).toBe(NOT_ALLOWED);
    expect(await codeOf(client, ROLL_BACK, [batch, false])).toBe(NOT_ALLOWED);
  }
  await ben.query(ROLL_BACK, [batch, false]);
});
