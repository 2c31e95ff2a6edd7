import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import {
  attempt,
  codeOf,
  CONFLICT,
  INVALID,
  NOT_ALLOWED,
  NOT_FOUND,
  PERIOD_CLOSED,
  valueOf,
} from './refusal';
import { MONTH } from './seed-billing';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let mona: Client;
let team: string;
let project: string;

beforeAll(async () => {
  world = await createWorld();
  [ben, mona] = [await world.as('ben'), await world.as('mona')];
  ({ team, project } = world.ids.red);
});
afterAll(() => world.close());

interface Published {
  version: number;
  changed: boolean;
  closed: boolean;
  digest: string;
}

const PUBLISH = 'select * from coffee.publish($1, $2, $3, $4, $5)';
async function publish(day: string, lines: object[], reason?: string): Promise<Published> {
  const params = [team, day, JSON.stringify(lines), 'hand', reason ?? null];
  const { rows } = await ben.query<Published>(PUBLISH, params);
  return rows[0]!;
}
const refusal = (day: string, lines: object[], reason: string | null = 'because') =>
  attempt(ben, PUBLISH, [team, day, JSON.stringify(lines), 'hand', reason]);
const hours = (n: number, more: object = {}): object => ({
  ...{ project, kind: 'time', measured_seconds: n * 3600, billed_seconds: n * 3600 },
  ...more,
});
/** The first day of the running month. */
const running = (): Promise<string> =>
  valueOf(ben, `select to_char(date_trunc('month', now() at time zone 'UTC'), 'YYYY-MM-DD')`);

it('replaces what was published of an open period, and never adds', async () => {
  const day = await running();
  expect(await publish(day, [hours(2)])).toMatchObject({
    version: 1,
    changed: true,
    closed: false,
  });
  expect(await publish(day, [hours(2)])).toMatchObject({ version: 1, changed: false });
  expect(await publish(day, [hours(3)])).toMatchObject({ version: 1, changed: true });
  const sum = `select sum(measured_seconds)::int from coffee.published_lines where person_id = $1 and first_day = $2`;
  expect(await valueOf(mona, sum, [world.ids.red.person, day])).toBe(10_800);
  expect(await publish(day, [])).toMatchObject({ version: 1, changed: true });
  expect(await valueOf(mona, sum, [world.ids.red.person, day])).toBeNull();
});

it('keeps what was published of a closed period, and adds versions with a reason', async () => {
  expect(await refusal(MONTH, [hours(4)], null)).toMatchObject({
    code: PERIOD_CLOSED,
    message: `the period from ${MONTH} is closed`,
  });
  const [before] = (
    await ben.query<{ sha256: Buffer }>(
      'select sha256 from coffee.published_summaries where first_day = $1',
      [MONTH],
    )
  ).rows;
  expect(await publish(MONTH, [hours(4)], 'a laptop was offline')).toMatchObject({
    version: 2,
    closed: true,
  });
  const { rows } = await mona.query(
    `select version, reason, predecessor, replaced_at is null as current
     from coffee.published_summaries where person_id = $1 and first_day = $2 order by version`,
    [world.ids.red.person, MONTH],
  );
  expect(rows).toEqual([
    { version: 1, reason: null, predecessor: null, current: false },
    { version: 2, reason: 'a laptop was offline', predecessor: before!.sha256, current: true },
  ]);
});

it('carries the digest of a canonical JSON that anybody who reads it can make', async () => {
  const { rows } = await ben.query<{ sha256: Buffer; predecessor: Buffer }>(
    'select * from coffee.published_summaries where first_day = $1 order by version desc limit 1',
    [MONTH],
  );
  const line = {
    ...{ billed_seconds: 14400, cache_read_tokens: 0, cache_write_tokens: 0, cost_nanos: 0 },
    ...{ input_tokens: 0, issue: '', issues: 0, kind: 'time', measured_seconds: 14400, model: '' },
    ...{ output_tokens: 0, project, sessions: 0, unpriced_calls: 0 },
  };
  const document = {
    ...{ end_day: '2026-02-01', first_day: MONTH, lines: [line], per: 'project', period: 'month' },
    ...{ person: world.ids.red.person, predecessor: rows[0]!.predecessor.toString('hex') },
    ...{ reason: 'a laptop was offline', team, version: 2, zone: 'UTC' },
  };
  const digest = createHash('sha256').update(JSON.stringify(document)).digest();
  expect(rows[0]!.sha256).toEqual(digest);
});

it.each([
  [
    'an update of a line',
    `update coffee.published_lines set billed_seconds = 1 where first_day = '${MONTH}'`,
  ],
  [
    'an update of a version',
    `update coffee.published_summaries set reason = 'x' where version = 2`,
  ],
  [
    'bringing a version back',
    `update coffee.published_summaries set replaced_at = null where version = 1 and replaced_at is not null`,
  ],
  ['a deletion', `delete from coffee.published_lines where first_day = '${MONTH}'`],
])('of a closed period even a superuser’s %s fails', async (_what, sql) => {
  await expect(world.root(sql)).rejects.toMatchObject({ code: NOT_ALLOWED });
});

it.each([
  [
    'another team’s project',
    () => [hours(1, { project: world.ids.blue.project })],
    'a line names no project of the team',
  ],
  [
    'a project that is not there',
    () => [hours(1, { project: '00000000-0000-4000-8000-000000000000' })],
    'a line names no project of the team',
  ],
  [
    'an issue, where the team publishes by project',
    () => [hours(1, { issue: 'local:1' })],
    'the team publishes by project, and a line names an issue',
  ],
  [
    'a cost that is not passed on',
    () => [{ project, kind: 'ai', model: 'm', cost_nanos: 5 }],
    'a line tells of a cost that its project does not pass on',
  ],
  [
    'delegated time that is not billed',
    () => [hours(1, { kind: 'delegated' })],
    'a line tells of delegated time that its project does not bill',
  ],
  [
    'rounding of one’s own',
    () => [hours(1, { billed_seconds: 7200 })],
    'a line is rounded, and its project rounds neither entries nor days',
  ],
  ['more hours than a month has', () => [hours(745)], 'more time than the period has'],
  ['one thing twice', () => [hours(1), hours(2)], 'two lines are about the same'],
  ['negative time', () => [hours(-1)], 'a line is not possible'],
  ['a number that is none', () => [{ ...hours(1), issues: -4 }], 'a line is not possible'],
])('refuses %s', async (_what, lines, message) => {
  expect(await refusal(MONTH, lines())).toMatchObject({ code: INVALID, message });
});

it('refuses periods that are none, have not begun, or are another team’s', async () => {
  expect((await refusal('2026-01-02', [])).message).toBe(
    'no period of the team begins on 2026-01-02',
  );
  expect((await refusal('2999-01-01', [])).message).toBe('this period has not begun');
  const other = [world.ids.blue.team, '00000000-0000-4000-8000-000000000000'].map((id) =>
    attempt(ben, PUBLISH, [id, MONTH, '[]', 'hand', null]),
  );
  const [hidden, missing] = await Promise.all(other);
  expect(hidden).toEqual(missing);
  expect(hidden!.code).toBe(NOT_FOUND);
});

it('lets a manager neither publish, nor correct, nor see more of another than was published', async () => {
  // Whoever publishes does so as themselves: there is no parameter for another person.
  await mona.query(PUBLISH, [team, MONTH, JSON.stringify([hours(9)]), 'hand', null]);
  expect(
    await valueOf(
      mona,
      `select count(*)::int from coffee.published_summaries
      where person_id = $1 and first_day = $2`,
      [world.ids.red.person, MONTH],
    ),
  ).toBe(2);
  for (const sql of [
    'select priv.summary_lines(null, null, null, null)',
    'select * from priv.insight_people',
    'insert into coffee.published_summaries (person_id) values (null)',
  ]) {
    expect([sql, (await attempt(mona, sql)).code]).toEqual([sql, NOT_ALLOWED]);
  }
  expect((await mona.query('select * from coffee.project_links')).rowCount).toBe(0);
  const there = await world.root('select 1 from coffee.project_links where person_id = $1', [
    world.ids.red.person,
  ]);
  expect(there.length).toBeGreaterThan(0);
});

it('lets a finer granularity begin only where nothing is published', async () => {
  const set = 'select coffee.set_granularity($1, $2, $3)';
  const finer = { period: 'day', per: 'issue', zone: 'Europe/Berlin' };
  expect(await codeOf(ben, set, [team, finer, '2030-01-01'])).toBe(NOT_ALLOWED);
  expect(await codeOf(await world.as('carla'), set, [team, finer, '2030-01-01'])).toBe(NOT_ALLOWED);
  const refused = await attempt(mona, set, [team, finer, MONTH]);
  expect(refused.code).toBe(CONFLICT);
  expect(await codeOf(mona, set, [team, { zone: 'Mars/Base' }, '2030-01-01'])).toBe(INVALID);
  expect(await codeOf(mona, set, [team, { least_people: 2 }, '2030-01-01'])).toBe(INVALID);
  expect(await codeOf(mona, set, [team, finer, '2030-01-15'])).toBe('ok');
  expect(await codeOf(mona, set, [team, { period: 'week' }, '2030-02-01'])).toBe('ok');
  const period = async (day: string): Promise<unknown> =>
    (
      await world.root(`select first_day::text, end_day::text from priv.period_of($1, $2)`, [
        team,
        day,
      ])
    )[0];
  expect(await period('2029-12-31')).toEqual({ first_day: '2029-12-01', end_day: '2030-01-01' });
  expect(await period('2030-01-31')).toEqual({ first_day: '2030-01-31', end_day: '2030-02-01' });
  // Weeks are cut where months end: every month is a whole number of them.
  expect(await period('2030-02-02')).toEqual({ first_day: '2030-02-01', end_day: '2030-02-04' });
  expect(await period('2030-02-28')).toEqual({ first_day: '2030-02-25', end_day: '2030-03-01' });
});
