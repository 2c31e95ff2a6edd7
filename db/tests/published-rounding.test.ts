import type { Client } from 'pg';
import { attempt } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let mona: Client;
beforeAll(async () => {
  world = await createWorld();
  [ben, mona] = [await world.as('ben'), await world.as('mona')];
});
afterAll(() => world.close());

const FEBRUARY = '2026-02-01';

it('takes no more rounding than steps of a project can make', async () => {
  const { team, project } = world.ids.red;
  const settings = (change: object): Promise<unknown> =>
    mona.query('select coffee.set_billing($1, $2)', [project, change]);
  const step = 900;
  const month = 28 * 86_400;
  await settings({ bill_delegated: true });
  const refused = async (kind: string, measured: number, billed: number): Promise<string> => {
    const said = JSON.stringify([
      { project, kind, measured_seconds: measured, billed_seconds: billed },
    ]);
    const params = [team, FEBRUARY, said];
    return (await attempt(ben, `select coffee.publish($1, $2, $3, 'hand', 'more')`, params))
      .message;
  };
  for (const per of ['entry', 'day']) {
    await settings({ rounding_per: per, rounding_minutes: 15 });
    expect(await refused('time', 0, 900_000_000)).toBe('time is billed that nobody measured');
    expect(await refused('delegated', 0, step)).toBe('time is billed that nobody measured');
  }
  const days = 'more is rounded than the days of the period allow';
  expect(await refused('time', step, 30 * step)).toBe(days);
  expect(await refused('time', step, 29 * step)).toBe('');
  await settings({ rounding_per: 'entry', rounding_minutes: 25 });
  const most = Math.ceil(month / 1500) * 1500;
  expect(await refused('time', 60, most + 1500)).toBe('more is billed than the period has');
  expect(await refused('time', 60, most)).toBe('');
  expect(await refused('delegated', 1500, most + 3000)).toBe('more is billed than the period has');
  expect(await refused('delegated', 1500, most + 1500)).toBe('');
});
