import type { Client } from 'pg';
import { attempt, codeOf, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
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

const FEBRUARY = '2026-02-01';
const settings = (change: object): Promise<unknown> =>
  mona.query('select coffee.set_billing($1, $2)', [project, change]);
const publish = (lines: object[]): Promise<unknown> =>
  ben.query(`select coffee.publish($1, $2, $3, 'hand', 'again')`, [
    team,
    FEBRUARY,
    JSON.stringify(lines),
  ]);
interface Line {
  kind: string;
  billed_seconds: string;
  per_hour: string | null;
  amount: string | null;
}
const lines = async (exchange: string | null = null): Promise<Line[]> =>
  (
    await mona.query<Line>(
      `select kind, billed_seconds, per_hour, amount from coffee.billing_lines($1, $2, '2026-03-01', 'Acme', $3)`,
      [team, FEBRUARY, exchange],
    )
  ).rows;
const time = (seconds: number, billed = seconds): object => ({
  ...{ project, kind: 'time', measured_seconds: seconds, billed_seconds: billed },
});

it('multiplies hours by the rate of the person, else of the project, and rounds half-up to the cent', async () => {
  await publish([time(1), { project, kind: 'time', issue: '', measured_seconds: 0 }].slice(0, 1));
  expect(await lines()).toEqual([
    { kind: 'time', billed_seconds: '1', per_hour: '100.0000', amount: '0.03' },
  ]);
  await mona.query(`select coffee.set_rate($1, 'ben', $2, 18)`, [project, FEBRUARY]);
  // 18 an hour for a second is half a cent.
  expect(await lines()).toMatchObject([{ per_hour: '18.0000', amount: '0.01' }]);
  const january = await mona.query<Line>(
    `select per_hour, amount from coffee.billing_lines($1, '2026-01-01', $2)`,
    [team, FEBRUARY],
  );
  expect(january.rows).toEqual([{ per_hour: '100.0000', amount: '150.00' }]);
});

it('sums months as their lines do, also where a rate begins within one', async () => {
  const set = 'select coffee.set_granularity($1, $2, $3)';
  await mona.query(set, [team, { period: 'day' }, '2026-04-01']);
  for (const [n, day] of ['2026-04-01', '2026-04-02', '2026-04-20'].entries()) {
    const said = JSON.stringify([time(3600 * (n + 1))]);
    await ben.query(`select coffee.publish($1, $2, $3, 'hand')`, [team, day, said]);
  }
  const april = async (exact: boolean): Promise<unknown[]> =>
    (
      await mona.query(
        `select * from coffee.billing_lines($1, '2026-01-01', '2026-05-01', null, null, $2)`,
        [team, exact],
      )
    ).rows;
  expect(await april(false)).toEqual(await april(true));
  await mona.query(`select coffee.set_rate($1, 'ben', '2026-04-20', 36)`, [project]);
  expect(await april(false)).toEqual(await april(true));
  const { rows } = await mona.query(
    `select billed_seconds, amount from coffee.billing_lines($1, '2026-04-01', '2026-05-01')`,
    [team],
  );
  // Three hours at 18, three at 36.
  expect(rows).toEqual([
    { billed_seconds: '10800', amount: '54.00' },
    { billed_seconds: '10800', amount: '108.00' },
  ]);
});

it('rounds months on the bill and keeps what was measured', async () => {
  await settings({ rounding_per: 'month', rounding_minutes: 15 });
  expect(await lines()).toMatchObject([{ billed_seconds: '900', amount: '4.50' }]);
  await settings({ rounding_per: 'none' });
});

it('passes the cost of models on as the project says, in a currency whose rate is named', async () => {
  await settings({ ai_cost: 'markup', ai_markup_percent: 10 });
  const ai = {
    project,
    kind: 'ai',
    model: 'claude-opus-5',
    cost_nanos: 1_000_000_000,
    input_tokens: 5,
  };
  await publish([time(3600), ai]);
  expect(await lines()).toMatchObject([{ amount: '18.00' }, { kind: 'ai', amount: '1.10' }]);
  await settings({ ai_cost: 'at_cost', currency: 'EUR' });
  expect((await lines())[1]!.amount).toBeNull();
  expect((await lines('0.9215'))[1]!.amount).toBe('0.92');
  const bill = 'select coffee.make_bill($1, $2, $3, $4, $5)';
  const refused = await attempt(mona, bill, [team, FEBRUARY, 'Acme', null, null]);
  expect(refused).toMatchObject({
    code: INVALID,
    message: expect.stringContaining('name the exchange rate') as string,
  });
  expect(await codeOf(mona, bill, [team, FEBRUARY, 'Acme', 'ECB', null])).toBe(INVALID);
  expect(await codeOf(mona, bill, [team, FEBRUARY, 'Acme', 'ECB', '-1'])).toBe(INVALID);
});

it('makes one bill of the same inputs, and one that replaces it of others', async () => {
  const make = async (
    month = FEBRUARY,
  ): Promise<{ id: number; total: string; replaces: number | null }> =>
    (
      await mona.query<{
        id: number;
        total: string;
        replaces: number | null;
        exchange_name: string;
      }>(`select * from coffee.make_bill($1, $2, 'Acme', 'ECB 2026-02-27', 0.9215)`, [team, month])
    ).rows[0]!;
  const first = await make();
  expect(first).toMatchObject({ total: '18.92', replaces: null, exchange_name: 'ECB 2026-02-27' });
  expect(await make()).toEqual(first);
  await publish([time(7200)]);
  const second = await make();
  expect(second).toMatchObject({ total: '36.00', replaces: first.id });
  const sums = await mona.query(
    'select bill_id, sum(amount) as total from coffee.bill_lines where bill_id = any ($1) group by 1 order by 1',
    [[first.id, second.id]],
  );
  expect(sums.rows).toEqual([
    { bill_id: first.id, total: '18.92' },
    { bill_id: second.id, total: '36.00' },
  ]);
  expect(
    await valueOf(ben, 'select count(*)::int from coffee.bill_lines where bill_id = $1', [
      second.id,
    ]),
  ).toBe(1);
});

it('bills nothing that is not over, not published, or without a rate', async () => {
  const bill = 'select coffee.make_bill($1, $2, $3)';
  expect((await attempt(mona, bill, [team, '2999-01-01', 'Acme'])).message).toBe(
    '2999-01 is not over',
  );
  expect(await codeOf(mona, bill, [team, FEBRUARY, 'Nobody'])).toBe(NOT_FOUND);
  expect(await codeOf(mona, bill, [team, FEBRUARY, null])).toBe(NOT_FOUND);
  await world.root('update coffee.rates set replaced_at = now() where project_id = $1', [project]);
  const refused = await attempt(mona, bill, [team, MONTH, 'Acme']);
  expect(refused).toMatchObject({ code: INVALID, message: 'nobody set a rate for ben in red' });
});

it('lets a rate begin with a period alone, and with an amount that is one', async () => {
  const rate = 'select coffee.set_rate($1, $2, $3, $4)';
  expect((await attempt(mona, rate, [project, null, '2026-03-02', 1])).message).toBe(
    '2026-03-02 is no first day of a period of the team',
  );
  for (const amount of ['-1', 'NaN', '0.00001', 'Infinity', null]) {
    expect([amount, await codeOf(mona, rate, [project, null, MONTH, amount])]).toEqual([
      amount,
      INVALID,
    ]);
  }
  expect(await codeOf(mona, rate, [project, 'carla', MONTH, 1])).toBe(NOT_FOUND);
  for (const wrong of [
    { currency: 'Euro' },
    { rounding_minutes: 0 },
    { ai_cost: 'all' },
    { budget: -1 },
    { team_id: team },
  ]) {
    expect([
      wrong,
      await codeOf(mona, 'select coffee.set_billing($1, $2)', [project, wrong]),
    ]).toEqual([wrong, INVALID]);
  }
});

it('tells nobody but a manager of the team, with the same words for a team that is not there', async () => {
  const nowhere = '00000000-0000-4000-8000-000000000000';
  const calls: [string, unknown[]][] = [
    [`select coffee.billing_lines($1, '2026-01-01', '2026-02-01')`, []],
    [`select coffee.make_bill($1, '2026-01-01', 'Acme')`, []],
    [`select coffee.close_month($1, '2026-01-01')`, []],
    [`select coffee.publish_insights($1, '2026-01-01')`, []],
    [`select coffee.set_granularity($1, '{}', '2030-01-01')`, []],
  ];
  for (const [sql] of calls) {
    for (const who of [
      'ben',
      'carla',
      'nobody',
      'daemon',
      'agent',
      'auditor',
      'dashboard',
    ] as const) {
      const client = await world.as(who);
      expect([sql, who, await codeOf(client, sql, [team])]).toEqual([sql, who, NOT_ALLOWED]);
    }
    const [hidden, missing] = [
      await attempt(mona, sql, [world.ids.blue.team]),
      await attempt(mona, sql, [nowhere]),
    ];
    expect([sql, hidden]).toEqual([sql, missing]);
    expect(hidden.code).toBe(NOT_ALLOWED);
  }
  for (const sql of [
    `select coffee.set_billing($1, '{}')`,
    `select coffee.set_rate($1, null, '2026-01-01', 1)`,
  ]) {
    const [hidden, missing] = [
      await attempt(mona, sql, [world.ids.blue.project]),
      await attempt(mona, sql, [nowhere]),
    ];
    expect([sql, hidden]).toEqual([sql, missing]);
    expect(await codeOf(ben, sql, [project])).toBe(NOT_ALLOWED);
  }
});
