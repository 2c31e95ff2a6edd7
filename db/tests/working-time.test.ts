import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { forgetTime } from '@coffee-roadmap/shared/time/recompute/queries';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import { loadIntervals, loadStreams } from '@coffee-roadmap/shared/time/queries';
import { NO_PERSON } from './logins';
import { codeOf, CONFLICT, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { BLUE_MACHINE, importRecords, RED_MACHINE } from './reports';
import { forgetAll, HOUR, MINUTE, record } from './time-arbitraries';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let session: Session<'person'>;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  const { login, password } = world.login('ben');
  session = await openSession(world.database.urlFor(login, password), 'person');
});
afterAll(async () => {
  await session.close();
  await world.close();
});

describe('what is kept of a person’s time', () => {
  const DAY = '2026-02-03';
  const from = Date.parse(`${DAY}T09:00:00.000Z`);
  const versionOf = (day: string): Promise<string> =>
    valueOf(ben, 'select version from coffee.time_days where day = $1', [day]);
  const interval = { credited_by: 'focus', starts_at: from, ends_at: from + HOUR };
  const save = async (change: object, intervals: object[] = []): Promise<string> => {
    const day = { day: DAY, version: await versionOf(DAY), has_events: true, intervals, ...change };
    return codeOf(ben, 'select coffee.save_time_days($1)', [JSON.stringify([day])]);
  };
  let stream: number;
  beforeAll(async () => {
    await forgetAll(world);
    const pane = { type: 'tmux_pane_focus', source: 'remote.tmux', discriminator: '%1' };
    const told = { ...pane, machineId: RED_MACHINE, at: from, folder: '/w/shop', pane_id: '%1' };
    await importRecords(ben, [record(told)]);
    await recompute(session);
    stream = Number((await loadStreams(session))[0]!.id);
  });

  it('is read by period, and marked as stale by what arrives, that day alone', async () => {
    const period = { from: from - HOUR, to: from + HOUR };
    expect(await loadIntervals(session, period)).toEqual([
      {
        ...{ from, to: from + 5 * MINUTE, by: 'focus', stream: String(stream) },
        ...{ issue: null, machine: RED_MACHINE, session: null },
      },
    ]);
    expect(await loadIntervals(session, { from: from + 5 * MINUTE, to: from + HOUR })).toEqual([]);
    expect(await recompute(session)).toBe(0);
    const later = { type: 'user_message', source: 'remote.agent', discriminator: 'u' };
    await importRecords(ben, [record({ ...later, machineId: RED_MACHINE, at: from + 24 * HOUR })]);
    expect(await recompute(session)).toBe(1);
  });

  it('is saved from what was read alone', async () => {
    const before = await versionOf(DAY);
    const late = { type: 'user_message', source: 'remote.agent', discriminator: 'late' };
    await importRecords(ben, [record({ ...late, machineId: RED_MACHINE, at: from + HOUR })]);
    expect(await save({ version: before })).toBe(CONFLICT);
    expect(await save({ day: '2026-02-09', version: '1' })).toBe(CONFLICT);
    expect(await save({}, [{ ...interval, machine_id: RED_MACHINE, stream_id: stream }])).toBe(
      'ok',
    );
    expect(
      await save({}, [{ ...interval, machine_id: RED_MACHINE, starts_at: from - 72 * HOUR }]),
    ).toBe(INVALID);
    expect(await save({}, [{ ...interval, machine_id: RED_MACHINE, stream_id: 999 }])).toBe(
      '23503',
    );
    expect(await save({}, [{ ...interval, machine_id: RED_MACHINE, ends_at: from }])).toBe('23514');
    await forgetTime(session);
    await recompute(session);
  });

  it('belongs to streams of its own person and machine', async () => {
    const carla = await world.as('carla');
    const hers = await valueOf<number>(carla, 'select max(id) from coffee.streams');
    const there = await valueOf<number>(ben, 'select coffee.create_stream($1, $2)', [
      RED_MACHINE,
      'elsewhere',
    ]);
    const say = 'select coffee.assign_to_stream($1, $2, $3)';
    expect(await codeOf(ben, say, [hers + 1000, 'place', ['/w/shop']])).toBe(NOT_FOUND);
    // Carla's machine is not ben's, whatever its id.
    expect(await codeOf(ben, 'select coffee.create_stream($1, $2)', [BLUE_MACHINE, 'x'])).toBe(
      NOT_FOUND,
    );
    const { rows } = await carla.query<{ event_key: string }>(
      'select event_key from coffee.activity_events',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(await valueOf(ben, say, [there, 'event', rows.map((row) => row.event_key)])).toBe(0);
    expect(await codeOf(ben, 'select coffee.merge_streams($1, $1)', [there])).toBe(INVALID);
    await ben.query('select coffee.merge_streams($1, $2)', [there, stream]);
    expect(await codeOf(ben, say, [there, 'place', ['/w/shop']])).toBe(CONFLICT);
    for (const tag of ['', 'two words', 'x'.repeat(65), 'a\u202eb'])
      expect([tag, await codeOf(ben, 'select coffee.tag_stream($1, $2)', [stream, tag])]).toEqual([
        tag,
        INVALID,
      ]);
  });

  it('is moved with all its days, where a log reaches over midnight', async () => {
    const late = Date.parse('2026-02-11T23:30:00.000Z');
    const log = record({
      ...{ machineId: RED_MACHINE, at: late + 2 * HOUR, type: 'manual_log', source: 'manual' },
      ...{ discriminator: 'night', issue: 'local:1' },
      ...{ started_at: new Date(late).toISOString(), duration_ms: HOUR },
    });
    await importRecords(ben, [log]);
    await recompute(session);
    const there = await valueOf<number>(ben, 'select coffee.create_stream($1, $2)', [
      RED_MACHINE,
      'night',
    ]);
    const moved = 'select coffee.assign_to_stream($1, $2, $3)';
    expect(await valueOf(ben, moved, [there, 'event', [log.id]])).toBe(1);
    expect(await recompute(session)).toBe(2);
    const night = await loadIntervals(session, { from: late, to: late + HOUR });
    expect(night.length).toBeGreaterThan(0);
    expect(new Set(night.map((one) => one.stream))).toEqual(new Set([String(there)]));
  });

  it('is moved by no other login: not a manager, an admin, an agent or a daemon', async () => {
    const count = () =>
      world.root<{ n: number }>(
        'select count(*)::int as n from coffee.time_intervals where person_id = $1',
        [world.ids.red.person],
      );
    const streams = 'select count(*)::int as n from coffee.streams where machine_id = $1';
    const [before, there] = [await count(), await world.root(streams, [RED_MACHINE])];
    expect(before[0]!.n).toBeGreaterThan(0);
    const calls = [
      `select coffee.forget_time()`,
      `select coffee.save_time_days('[]')`,
      `select coffee.tag_stream(${stream}, 'theirs')`,
      `select coffee.merge_streams(${stream}, 1)`,
      `select coffee.assign_to_stream(${stream}, 'place', '{/w/shop}')`,
      `select * from coffee.find_streams('${RED_MACHINE}', '{/w/shop}', '{x}')`,
      `select coffee.hold_time()`,
    ];
    for (const who of NO_PERSON)
      for (const sql of calls)
        expect([who, sql, await codeOf(await world.as(who), sql)]).toEqual([who, sql, NOT_ALLOWED]);
    for (const who of ['anna', 'mona'] as const) {
      const client = await world.as(who);
      // Of their own time, and there are no such streams and machines of theirs.
      const codes = ['ok', 'ok', NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, 'ok'];
      for (const [i, sql] of calls.entries())
        expect([who, sql, await codeOf(client, sql)]).toEqual([who, sql, codes[i]]);
      for (const table of [
        'time_intervals',
        'time_days',
        'streams',
        'stream_tags',
        'agent_sessions',
      ])
        expect(
          (
            await client.query(`select from coffee.${table} where person_id = $1`, [
              world.ids.red.person,
            ])
          ).rowCount,
        ).toBe(0);
    }
    expect(await count()).toEqual(before);
    expect(await world.root(streams, [RED_MACHINE])).toEqual(there);
    const { rows } = await ben.query('select from coffee.stream_tags where tag = $1', ['theirs']);
    expect(rows).toEqual([]);
  });
});

describe('events from before working time was kept', () => {
  it('are given the sessions and days by the migration that their import gives today', async () => {
    await forgetAll(world);
    const source = 'remote.agent';
    const at = Date.parse('2026-02-03T22:00:00.000Z');
    const sessions = [
      { session_id: 'top', session_type: 'user', parent_session_id: null },
      { session_id: 'agent-b', session_type: 'subagent', parent_session_id: 'agent-a' },
      { session_id: 'agent-a', session_type: 'subagent', parent_session_id: 'top' },
      { session_id: 'agent-c', session_type: 'subagent', parent_session_id: 'gone' },
    ];
    const events = sessions.flatMap(({ session_id, ...kind }, i) => [
      ...['started', 'ended'].map((action, n) =>
        record({
          ...{ machineId: RED_MACHINE, type: 'agent_session', source, session_id, ...kind, action },
          ...{ discriminator: `${session_id}:${action}`, at: at + n * 3 * HOUR },
        }),
      ),
      ...[1, 2].map((n) =>
        record({
          ...{ machineId: RED_MACHINE, type: 'agent_tool_use', source, session_id, tool: 'Bash' },
          ...{ discriminator: `${session_id}-${n}`, at: at + (i + n) * MINUTE },
          ...{ folder: i === 3 ? null : `/w/${session_id}/${n}` },
        }),
      ),
    ]);
    await importRecords(ben, events);
    const person = [world.ids.red.person];
    const kept = async () => [
      await world.root(
        'select * from coffee.agent_sessions where person_id = $1 order by session_id',
        person,
      ),
      await world.root(
        'select day, has_events, computed_version from coffee.time_days where person_id = $1 order by day',
        person,
      ),
    ];
    const imported = await kept();
    expect(imported.map((rows) => rows.length)).toEqual([4, 2]);
    // As it was: events alone, of anybody.
    for (const table of ['time_intervals', 'time_days', 'agent_sessions'])
      await world.root(`delete from coffee.${table}`);
    const file = path.join(databaseFolder(), 'migrations', '0017_working_time.sql');
    const backfill = readFileSync(file, 'utf8').split('-- What is there already.\n')[1]!;
    await world.root(`set role coffee_owner; ${backfill}`);
    expect(await kept()).toEqual(imported);
  });
});
