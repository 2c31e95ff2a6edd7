import type { Client } from 'pg';
import { moveIn, ROLL_BACK, rowsOfAll } from './move-in';
import { attempt, codeOf, CONFLICT, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { AT, importRecords, paneFocus, RED_MACHINE, session, userMessage } from './reports';
import { record } from './time-arbitraries';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

const TABLES = [
  ...['activity_events', 'agent_sessions', 'work_folders', 'streams', 'stream_tags'],
  ...[
    'stream_assignments',
    'traces',
    'generations',
    'spans',
    'events',
    'scores',
    'trace_event_ids',
  ],
  ...['trace_buckets', 'trace_days', 'notifications', 'import_problems'],
];
const everything = (): Promise<Record<string, unknown>> => rowsOfAll(world, TABLES);

const move = <T>(kind: string, work: () => Promise<T>): Promise<[number, T]> =>
  moveIn(ben, kind, work);
const assign = (name: string, subject: string, keys: string[], tags: string[] = []) =>
  valueOf<number>(ben, 'select coffee.move_assignments($1, $2, $3, $4, $5)', [
    RED_MACHINE,
    name,
    tags,
    subject,
    keys,
  ]);

it('takes back activity, sessions, streams and what was said of them, and has time computed anew', async () => {
  const LATER = '2026-02-04T04:05:06.789Z';
  await importRecords(ben, [session('started', LATER), paneFocus('%1'), userMessage('kept')]);
  const kept = await valueOf<number>(ben, `select coffee.create_stream($1, 'kept')`, [RED_MACHINE]);
  await valueOf(ben, `select coffee.assign_to_stream($1, 'event', $2)`, [
    kept,
    [userMessage('kept').id],
  ]);
  await ben.query(`select coffee.forget_time()`);
  const before = await everything();
  const days = `select day::text, has_events from coffee.time_days order by 1`;
  const [known] = [(await ben.query(days)).rows];

  const keys = ['one', 'two'].map(
    (uuid) => userMessage(uuid, '/home/ada/old', '2025-12-01T10:00:00.000Z').id,
  );
  const [batch, said] = await move('tt', async () => {
    await importRecords(ben, [
      // Revises the session's beginning, and is all there is of a day.
      session('started', '2026-01-02T04:05:06.789Z'),
      session('ended', '2026-02-05T04:05:06.789Z'),
      paneFocus('%2', '2025-12-01T10:00:00.000Z'),
      ...['one', 'two'].map((uuid) =>
        userMessage(uuid, '/home/ada/old', '2025-12-01T10:00:00.000Z'),
      ),
    ]);
    return [
      await assign('moved', 'event', [...keys, userMessage('kept').id], ['client', 'old']),
      await assign('moved', 'event', keys, ['other']),
      await assign('kept', 'session', ['s-1']),
    ];
  });
  // What was said before stays, and nothing is said twice.
  expect(said).toEqual([2, 0, 1]);
  expect(await everything()).not.toEqual(before);
  const stream = `select s.id, array_agg(t.tag order by t.tag) as tags from coffee.streams s
    join coffee.stream_tags t on t.person_id = s.person_id and t.stream_id = s.id where s.name = 'moved' group by s.id`;
  const moved = (await ben.query<{ id: number; tags: string[] }>(stream)).rows[0]!;
  expect(moved.tags).toEqual(['client', 'old']);
  // Time was computed for the stream that goes.
  const day = { day: '2025-12-01', has_events: true, before: {}, after: {}, version: 1 };
  const at = Date.parse('2025-12-01T10:00:00Z');
  const interval = {
    credited_by: 'focus',
    starts_at: at,
    ends_at: at + 1000,
    machine_id: RED_MACHINE,
  };
  const version = await valueOf(
    ben,
    `select version::int from coffee.time_days where day = '2025-12-01'`,
  );
  await ben.query('select coffee.save_time_days($1)', [
    JSON.stringify([{ ...day, version, intervals: [{ ...interval, stream_id: moved.id }] }]),
  ]);

  expect(await valueOf(ben, ROLL_BACK, [batch, false])).toMatchObject({ kept: 0 });
  expect(await everything()).toEqual(before);
  expect((await ben.query(days)).rows.filter((row) => row.has_events)).toEqual(known);
  const fresh = `select count(*)::int from coffee.time_days where computed_version = version`;
  expect(await valueOf(ben, fresh)).toBe(0);
});

it('says nothing of a part of a session of which the person has said something', async () => {
  const about = { machineId: RED_MACHINE, type: 'agent_session', source: 'remote.agent' };
  const began = (session_id: string, parent: string | null): MachineRecord =>
    record({
      ...{ ...about, at: Date.parse(AT), session_id, discriminator: `${session_id}:started` },
      ...{ action: 'started', session_type: parent === null ? 'user' : 'subagent' },
      ...{ parent_session_id: parent },
    });
  await importRecords(ben, [began('whole', null), began('part', 'whole')]);
  const said = `select a.key, s.name from coffee.stream_assignments a
    join coffee.streams s on s.person_id = a.person_id and s.id = a.stream_id
    where a.subject = 'session' and a.key in ('whole', 'part')`;
  const [first] = await move('tt', () => assign('theirs', 'session', ['part']));
  expect((await ben.query(said)).rows).toEqual([{ key: 'whole', name: 'theirs' }]);
  const mine = await valueOf<number>(ben, `select coffee.create_stream($1, 'mine')`, [RED_MACHINE]);
  await ben.query(`select coffee.assign_to_stream($1, 'session', '{part}')`, [mine]);
  const [again, count] = await move('tt', () => assign('theirs', 'session', ['part', 'whole']));
  expect(count).toBe(0);
  expect((await ben.query(said)).rows).toEqual([{ key: 'whole', name: 'mine' }]);
  for (const batch of [again, first]) await ben.query(ROLL_BACK, [batch, true]);
  expect((await ben.query(said)).rows).toEqual([{ key: 'whole', name: 'mine' }]);
});

const generation = (id: string, usd: number): object => ({
  id: `event-${id}-${usd}`,
  type: 'generation-create',
  timestamp: AT,
  body: { id, traceId: 't-1', name: 'old', startTime: AT, costDetails: { total: usd } },
});
const trace = {
  id: 'event-t',
  type: 'trace-create',
  timestamp: AT,
  body: { id: 't-1', name: 'old' },
};
const moveTraces = (project: string, batch: object[]): Promise<object> =>
  valueOf(ben, 'select coffee.move_in_traces($1, $2)', [project, JSON.stringify(batch)]);
const notification = (key: string, change: object = {}): object => ({
  key,
  ...{
    kind: 'question',
    priority: 'high',
    title: `May I ${key}?`,
    message: '',
    context: { old: 1 },
  },
  ...{ answer: 'yes', created_at: '2025-10-09T10:00:00Z', answered_at: '2025-10-09T11:00:00Z' },
  ...change,
});
const moveNotifications = (project: string, rows: object[]): Promise<object> =>
  valueOf(ben, 'select coffee.move_in_notifications($1, $2)', [project, JSON.stringify(rows)]);

it('moves traces and notifications into a project of one’s team, and takes back exactly those', async () => {
  const { project } = world.ids.red;
  const before = await everything();
  const none = { duplicate: 0, revised: 0, refused: 0 };
  const [first] = await move('coffee-maker', async () => {
    expect(
      await moveTraces(project, [
        trace,
        generation('g-1', 1),
        { ...generation('g-2', 1), type: 'nothing' },
      ]),
    ).toMatchObject({ ...none, inserted: 2, refused: 1, refused_rows: [{ id: 'event-g-2-1' }] });
    expect(
      await moveNotifications(project, [
        notification('build'),
        notification('sleep', { answer: null }),
        notification('tell', { kind: 'info', answer: 'seen' }),
        notification('wrong', { kind: 'sermon' }),
        notification('early', { created_at: '1999-01-01T00:00:00Z' }),
        notification('x', { title: ' ' }),
      ]),
    ).toMatchObject({
      ...none,
      inserted: 3,
      refused: 3,
      reasons: { kind: 1, time: 1, too_long: 1 },
    });
  });
  const states = `select state::text, answer, asked_by_name, answered_via from coffee.notifications
    where key_scope = 'moved:coffee-maker' order by key`;
  expect((await ben.query(states)).rows).toEqual([
    { state: 'answered', answer: 'yes', asked_by_name: 'coffee-maker', answered_via: 'moved' },
    { state: 'withdrawn', answer: null, asked_by_name: 'coffee-maker', answered_via: null },
    { state: 'posted', answer: null, asked_by_name: 'coffee-maker', answered_via: null },
  ]);
  const between = await everything();
  const [second] = await move('coffee-maker', async () => {
    const later = { ...generation('g-1', 3), timestamp: '2026-02-04T00:00:00.000Z' };
    expect(await moveTraces(project, [trace, later])).toMatchObject({
      ...none,
      revised: 1,
      duplicate: 1,
    });
    expect(
      await moveNotifications(project, [notification('build'), notification('sleep')]),
    ).toMatchObject({ ...none, revised: 1, duplicate: 1 });
  });
  expect(await codeOf(ben, ROLL_BACK, [first, false])).toBe(CONFLICT);
  await ben.query(ROLL_BACK, [second, false]);
  expect(await everything()).toEqual(between);
  await ben.query(ROLL_BACK, [first, false]);
  expect(await everything()).toEqual(before);
});

it('moves nothing into another team’s project, over an attempt’s rows, or outside of a move', async () => {
  const { red, blue } = world.ids;
  expect(await codeOf(ben, 'select coffee.move_in_traces($1, $2)', [red.project, '[]'])).toBe(
    INVALID,
  );
  expect(
    await codeOf(ben, 'select coffee.move_in_notifications($1, $2)', [red.project, '[]']),
  ).toBe(INVALID);
  const outside = await attempt(
    ben,
    `select coffee.move_assignments($1, 'x', '{}', 'event', '{}')`,
    [RED_MACHINE],
  );
  expect(outside.code).toBe(INVALID);
  const [own] = await world.root<{ id: string }>(
    `select id from coffee.traces where project_id = '${red.project}' and attempt_id is not null limit 1`,
  );
  await ben.query('begin');
  await ben.query(`select coffee.begin_move_in('coffee-maker', 'x')`);
  expect(
    await moveTraces(red.project, [{ ...trace, body: { id: own!.id, name: 'taken' } }]),
  ).toMatchObject({
    inserted: 0,
    refused: 1,
    refused_rows: [{ reason: 'its id belongs to somebody else' }],
  });
  expect(await codeOf(ben, 'select coffee.move_in_traces($1, $2)', [blue.project, '[]'])).toBe(
    NOT_FOUND,
  );
  await ben.query('rollback');
  expect(await world.root(`select from coffee.projects where id = '${blue.project}'`)).toHaveLength(
    1,
  );
  for (const who of ['agent', 'daemon', 'slackbot', 'dashboard'] as const) {
    const client = await world.as(who);
    expect(await codeOf(client, 'select coffee.move_in_traces($1, $2)', [red.project, '[]'])).toBe(
      NOT_ALLOWED,
    );
    expect(await codeOf(client, `delete from coffee.notifications`)).toBe(NOT_ALLOWED);
  }
});
