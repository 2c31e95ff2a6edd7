import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { BLUE_MACHINE, importRecords, RED_MACHINE, usage } from './reports';
import { createWorld, type World } from './world';

const DAEMONS_MACHINE = '44444444-4444-4444-8444-444444444444';
const DAY = '2026-03-04';
const NOON = `${DAY}T12:00:00.000Z`;

let world: World;
let ben: Client;
let dashboard: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  dashboard = await world.as('dashboard');
  const call = (name: string, machine: string, model: string, tokens: number) =>
    usage({ message_id: name, at: NOON, model, output_tokens: tokens }, machine);
  await importRecords(ben, [
    call('b1', RED_MACHINE, 'claude-opus-4-5-20251101', 100),
    call('b2', RED_MACHINE, 'claude-opus-4-5', 200),
    call('b3', RED_MACHINE, 'made-up-for-a-secret-project', 1000),
  ]);
  await importRecords(
    await world.as('carla'),
    [call('c1', BLUE_MACHINE, 'claude-opus-4-5', 4000)],
    { machineId: BLUE_MACHINE },
  );
  await importRecords(
    await world.as('daemon'),
    [call('d1', DAEMONS_MACHINE, 'claude-opus-4-5', 70_000)],
    { machineId: DAEMONS_MACHINE, about: { label: 'daemon' } },
  );
});
afterAll(() => world.close());

it('adds a team’s people up by day and model, without another team, a daemon or a raw name', async () => {
  const rows = async (who: Client): Promise<unknown[]> =>
    (
      await who.query(
        `select model, calls::int, output_tokens::int, unpriced_calls::int from analytics.team_usage
         where zone = 'UTC' and day = $1 order by model`,
        [DAY],
      )
    ).rows;
  expect(await rows(ben)).toEqual([
    { model: 'claude-opus-4-5', calls: 2, output_tokens: 300, unpriced_calls: 0 },
    { model: 'other', calls: 1, output_tokens: 1000, unpriced_calls: 1 },
  ]);
  // A colleague sees the same sums, and no row of which they are sums.
  const mona = await world.as('mona');
  expect(await rows(mona)).toEqual(await rows(ben));
  expect(await valueOf(mona, 'select count(*)::int from coffee.usage_records')).toBe(0);
  expect(await rows(await world.as('carla'))).toMatchObject([{ calls: 1, output_tokens: 4000 }]);
});

it('adds everybody up for the dashboard, and no call of a daemon, which its traces report', async () => {
  const { rows } = await dashboard.query(
    `select model, calls::int, output_tokens::int from analytics.usage_totals where day_utc = $1 order by model`,
    [DAY],
  );
  expect(rows).toEqual([
    { model: 'claude-opus-4-5', calls: 3, output_tokens: 4300 },
    { model: 'other', calls: 1, output_tokens: 1000 },
  ]);
  const [there] = await world.root<{ n: number }>(
    `select sum(calls)::int as n from coffee.usage_days where zone = 'UTC' and day = '${DAY}'`,
  );
  expect(there!.n).toBe(5);
});

it('costs what the same calls cost their people', async () => {
  const sum = 'sum(cost_nanos)::text';
  const own = async (who: 'ben' | 'carla'): Promise<bigint> =>
    BigInt(
      await valueOf<string>(
        await world.as(who),
        `select ${sum} from coffee.usage_records where at = '${NOON}'`,
      ),
    );
  expect(
    await valueOf(dashboard, `select ${sum} from analytics.usage_totals where day_utc = '${DAY}'`),
  ).toBe(String((await own('ben')) + (await own('carla'))));
});

it('is closed to whoever has no business with it', async () => {
  for (const who of ['daemon', 'agent', 'collector', 'dashboard', 'slackbot'] as const)
    expect([who, await codeOf(await world.as(who), 'select from analytics.team_usage')]).toEqual([
      who,
      who === 'dashboard' ? 'ok' : NOT_ALLOWED,
    ]);
  // The dashboard's login without anybody's session is in no team.
  expect((await dashboard.query('select from analytics.team_usage')).rowCount).toBe(0);
  for (const who of ['ben', 'daemon', 'agent', 'collector'] as const)
    expect(await codeOf(await world.as(who), 'select from analytics.usage_totals')).toBe(
      NOT_ALLOWED,
    );
});
