import type { Client } from 'pg';
import { until } from '../../tests/support/until';
import { attempt, codeOf, CONFLICT, INVALID, PERIOD_CLOSED, valueOf } from './refusal';
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

const PUBLISH = `select version from coffee.publish($1, $2, $3, 'hand')`;
const line = (seconds: number): string =>
  JSON.stringify([{ project, kind: 'time', measured_seconds: seconds, billed_seconds: seconds }]);
const published = (day: string): Promise<{ version: number; seconds: string }[]> =>
  world.root(
    `select version, sum(measured_seconds) as seconds from coffee.published_lines
     where team_id = $1 and first_day = $2 group by version`,
    [team, day],
  );
const granularity = (settings: object, from: string): Promise<unknown> =>
  mona.query('select coffee.set_granularity($1, $2, $3)', [team, settings, from]);

it.each(['repeatable read', 'serializable'])(
  'does not let a transaction that is %s rewrite a month that was closed meanwhile',
  async (level) => {
    const month = await valueOf<string>(
      ben,
      `select to_char(date_trunc('month', now() at time zone 'UTC') - interval '1 month', 'YYYY-MM-DD')`,
    );
    if (level === 'repeatable read') {
      await granularity({ close_days: 60 }, month);
      await ben.query(PUBLISH, [team, month, line(3600)]);
    }
    await ben.query(`begin isolation level ${level}`);
    await ben.query('select count(*) from coffee.closed_months'); // its snapshot
    await mona.query('select coffee.close_month($1, $2)', [team, month]);
    const outcome = await attempt(ben, PUBLISH, [team, month, line(7200)]);
    await ben.query('commit');
    expect(await published(month)).toEqual([{ version: 1, seconds: '3600' }]);
    expect(outcome).toMatchObject({
      code: INVALID,
      message: `this is not done in a transaction that is ${level}`,
    });
  },
);

it('refuses what takes the same lock outside of read committed', async () => {
  const calls: [string, unknown[]][] = [
    ['select coffee.set_granularity($1, $2, $3)', [team, {}, '2031-01-01']],
    ['select coffee.close_month($1, $2)', [team, '2026-01-01']],
    [`select coffee.make_bill($1, $2, 'Acme')`, [team, '2026-01-01']],
    ['select coffee.set_rate($1, null, $2, 1)', [project, '2026-01-01']],
  ];
  for (const [sql, params] of calls) {
    await mona.query('begin isolation level repeatable read');
    expect([sql, await codeOf(mona, sql, params)]).toEqual([sql, INVALID]);
    await mona.query('rollback');
  }
});

/** Makes today a period whose zone's midnight is the next whole second but one. Returns when it ends. */
async function endingSoon(): Promise<{ at: string; day: string; restore: () => Promise<unknown> }> {
  const [ends] = await world.root<{ at: string; day: string; zone: string }>(
    `select at, to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, '<X>-' || (interval '24 hours'
       - (at at time zone 'UTC')::time::interval)::text as zone
     from (select date_trunc('second', clock_timestamp()) + interval '2 seconds' as at) t`,
  );
  const { at, day, zone } = ends!;
  const open = await world.root(
    `update coffee.granularities set close_days = 60
     where team_id = $1 and from_month = date_trunc('month', $2::date) and period = 'day' returning 1`,
    [team, day],
  );
  if (open.length === 0) await granularity({ period: 'day', close_days: 60, zone: 'UTC' }, day);
  await ben.query(PUBLISH, [team, day, line(60)]);
  await world.root(
    `update coffee.granularities set close_days = 0, zone = $3
     where team_id = $1 and from_month = date_trunc('month', $2::date)`,
    [team, day, zone],
  );
  const restore = (): Promise<unknown> =>
    world.root(`update coffee.granularities set zone = 'UTC' where zone = $1`, [zone]);
  return { at, day, restore };
}
const untilOver = (at: string): Promise<void> =>
  until(`the server's clock is past ${at}`, () =>
    valueOf(ben, 'select clock_timestamp() >= $1', [at]),
  );

it('closes a period also for a transaction that began while it was open', async () => {
  const { at, day, restore } = await endingSoon();
  await ben.query('begin');
  expect(await valueOf(ben, 'select now() < $1', [at])).toBe(true);
  await untilOver(at);
  const outcome = await attempt(ben, PUBLISH, [team, day, line(120)]);
  await ben.query('commit');
  expect(await published(day)).toEqual([{ version: 1, seconds: '60' }]);
  expect(outcome).toMatchObject({
    code: PERIOD_CLOSED,
    message: `the period from ${day} is closed`,
  });
  await restore();
});

it('does not take what was published in time and is committed after that', async () => {
  const { at, day, restore } = await endingSoon();
  await ben.query('begin');
  await ben.query(PUBLISH, [team, day, line(120)]);
  await untilOver(at);
  expect(await attempt(ben, 'commit', [])).toMatchObject({
    code: PERIOD_CLOSED,
    message: `the period from ${day} was closed before this was committed`,
  });
  expect(await published(day)).toEqual([{ version: 1, seconds: '60' }]);
  await restore();
});

it('takes one change of a granularity after the other, and loses none', async () => {
  const other = await world.another('mona');
  const set = 'select coffee.set_granularity($1, $2, $3)';
  await mona.query('begin');
  await mona.query(set, [team, { least_people: 9 }, '2031-01-01']);
  const waiting = other.query(set, [team, { close_days: 7 }, '2031-01-01']);
  const blocked = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted`;
  await until(
    'the other one waits',
    async () => (await world.root<{ n: number }>(blocked))[0]!.n > 0,
  );
  await mona.query('commit');
  await waiting;
  const { rows } = await mona.query(
    `select least_people, close_days from coffee.granularities where from_month = '2031-01-01'`,
  );
  expect(rows).toEqual([{ least_people: 9, close_days: 7 }]);
});

it('keeps periods so fine that each rate begins with one', async () => {
  await granularity({ period: 'day' }, '2032-01-01');
  await mona.query('select coffee.set_rate($1, null, $2, 80)', [project, '2032-02-03']);
  const refused = await attempt(mona, 'select coffee.set_granularity($1, $2, $3)', [
    ...[team, { period: 'month' }, '2032-02-01'],
  ]);
  expect(refused).toMatchObject({
    code: CONFLICT,
    message: 'a rate begins on 2032-02-03, which would be no first day of a period',
  });
  await granularity({ period: 'month' }, '2032-03-01');
  await granularity({ period: 'day', least_people: 4 }, '2032-01-01');
});
