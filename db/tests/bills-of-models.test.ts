import type { Client } from 'pg';
import { newKey } from './project-key';
import { valueOf } from './refusal';
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

const settings = (change: object): Promise<unknown> =>
  mona.query('select coffee.set_billing($1, $2)', [project, change]);

it('bills what the project’s daemons and programs used models for, each call once, in the month it was made', async () => {
  const reported = (id: string, at: string, cost: number): object => ({
    ...{ id, type: 'generation-create', timestamp: at },
    body: { id, startTime: at, model: 'claude-sonnet-5', costDetails: { total: cost } },
  });
  const batch = JSON.stringify([
    reported('june', '2026-06-30T23:59:59.999Z', 9),
    reported('first', '2026-07-01T00:00:00.000Z', 1),
    reported('last', '2026-07-31T23:59:59.999Z', 0.5),
    reported('august', '2026-08-01T00:00:00.000Z', 9),
  ]);
  const ingest = 'select coffee.ingest_traces($1, $2)';
  const daemon = await world.as('daemon');
  for (let twice = 0; twice < 2; twice++)
    await daemon.query(ingest, [world.ids.red.attempt, batch]);
  await (
    await world.as('collector')
  ).query('select coffee.ingest_with_key($1, $2, $3)', [
    ...(await newKey(ben, project)),
    JSON.stringify([reported('program', '2026-07-10T10:00:00.000Z', 0.25)]),
  ]);
  const july = async (): Promise<unknown[]> =>
    (
      await mona.query(
        `select person_id, person, kind, model, cost_nanos, amount
         from coffee.billing_lines($1, '2026-07-01', '2026-08-01')`,
        [team],
      )
    ).rows;
  await settings({ currency: 'USD', ai_cost: 'none' });
  expect(await july()).toEqual([]);
  await settings({ ai_cost: 'markup', ai_markup_percent: 10 });
  const ai = { kind: 'ai', model: 'claude-sonnet-5' };
  const name = await valueOf(mona, 'select name from coffee.daemon_status');
  expect(await july()).toEqual([
    {
      ...ai,
      person_id: world.ids.red.daemon,
      person: name,
      cost_nanos: '1500000000',
      amount: '1.65',
    },
    { ...ai, person_id: null, person: 'programs', cost_nanos: '250000000', amount: '0.28' },
  ]);
  const { rows: months } = await mona.query(
    `select to_char(month, 'YYYY-MM') as month, cost_nanos
     from coffee.billing_lines($1, '2026-06-01', '2026-09-01') where person_id = $2`,
    [team, world.ids.red.daemon],
  );
  expect(months).toEqual([
    { month: '2026-06', cost_nanos: '9000000000' },
    { month: '2026-07', cost_nanos: '1500000000' },
    { month: '2026-08', cost_nanos: '9000000000' },
  ]);
  const make = `select id, total from coffee.make_bill($1, '2026-07-01', 'Acme')`;
  const [bill] = (await mona.query<{ id: number; total: string }>(make, [team])).rows;
  expect(bill!.total).toBe('1.93');
  expect((await mona.query(make, [team])).rows).toEqual([bill]);
  const { rows: kept } = await mona.query(
    'select person_id, amount from coffee.bill_lines where bill_id = $1 order by line',
    [bill!.id],
  );
  expect(kept).toEqual([
    { person_id: world.ids.red.daemon, amount: '1.65' },
    { person_id: null, amount: '0.28' },
  ]);
  expect(
    await valueOf(ben, 'select count(*)::int from coffee.bill_lines where bill_id = $1', [
      bill!.id,
    ]),
  ).toBe(0);
});
