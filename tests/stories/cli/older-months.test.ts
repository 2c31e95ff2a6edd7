import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { addMonths } from '@coffee-roadmap/shared/time/periods/local-date';
import { RED_MACHINE, usage } from '../../../db/tests/reports';
import { query } from '../../support/database';
import { join, month, ok, work } from './published-time';
import { createTeam, type Person, type Team } from './team';

interface Published {
  teams: { periods: { period: string; outcome: string; version: number | null }[] }[];
}
interface Report {
  lines: { month: string; kind: string; measured_seconds: number; amount: string | null }[];
  totals: { amount: string }[];
  unpriced_lines: number;
  exchange: object | null;
  bill: { total: string; exchange_name: string } | null;
}

/** Before what is published by itself. */
const older = addMonths(`${month}-01`, -1).slice(0, 7);
const ECB = ['--exchange', '0.9', '--exchange-name', 'ECB of that day'];

let team: Team;
let ada: Person;
let bea: Person;
beforeAll(async () => {
  team = await createTeam();
  ada = team.ada;
  bea = await team.person('Bea');
  const { superuserUrl } = team.database;
  await join(superuserUrl, 'Bea');
  await team.project('shop');
  await work(superuserUrl, bea.session.me.id, [3], 60, 0, older);
  await work(superuserUrl, bea.session.me.id, [3], 60);
  const at = `${older}-03T09:30:00.000Z`;
  const call = { at, folder: '/home/bea/shop', logged_cost_usd: '2' };
  const records = [usage(call, RED_MACHINE)];
  await importBatch({ session: bea.session }, { machineId: RED_MACHINE, road: 'direct', records });
});
afterAll(() => team.close());

it('a manager says whose days count, and that agents’ time and models are billed', async () => {
  const granularity = ['teams', 'granularity', '--zone'];
  const when = ['--close-days', '3', '--from', month];
  // Where days begin as they do in UTC, so that the month is the same whenever this runs.
  expect(await ok(ada, ...granularity, 'Atlantic/Reykjavik', ...when)).toMatch(
    new RegExp(`${month} +month +project +Atlantic/Reykjavik +3 days`),
  );
  const nowhere = await ada.cli.run([...granularity, 'Atlantic/Reykjavík', ...when]);
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('no time zone')]);
  const set = ['projects', 'set', 'shop', '--client', 'Acme', '--currency', 'EUR'];
  const shown = await ok(ada, ...set, '--ai-cost', '+10%', '--bill-delegated', 'yes');
  expect(shown).toContain('AI cost:    passed on with 10 % more');
  expect(shown).toContain('agents:     their time is billed, apart');
  expect((await ada.cli.run([...set, '--ai-cost', '10%'])).code).toBe(2);
  await ok(ada, 'rates', 'set', 'shop', '80', '--from', `${older}-01`);
  await ok(bea, 'projects', 'link', '/home/bea/shop', '--project', 'shop');
});

it('publishes what is older than three months where it is told to rebuild, and then says why', async () => {
  const publish = async (...more: string[]): Promise<[string, string, number | null][]> => {
    const { teams } = await bea.cli.json<Published>(['publish', ...more]);
    return teams[0]!.periods
      .filter(({ period }) => period === older || period === month)
      .map(({ period, outcome, version }) => [period, outcome, version]);
  };
  expect(await publish()).toEqual([[month, 'published', 1]]);
  expect(await publish('--rebuild')).toEqual([
    [older, 'published', 1],
    [month, 'unchanged', 1],
  ]);
  await work(team.database.superuserUrl, bea.session.me.id, [4], 30, 0, older);
  expect(await publish()).toEqual([[month, 'unchanged', 1]]);
  const held = await bea.cli.run(['publish', '--rebuild']);
  expect([held.code, held.stderr]).toEqual([5, expect.stringContaining('--reason')]);
  expect(held.stdout).toMatch(new RegExp(`${older} .*held: closed`));
  expect(await publish('--rebuild', '--reason', 'found another laptop')).toEqual([
    [older, 'published', 2],
    [month, 'unchanged', 1],
  ]);
  const versions = await query(
    team.database.superuserUrl,
    `select version, reason from coffee.published_summaries where first_day = $1 order by 1`,
    [`${older}-01`],
  );
  expect(versions).toEqual([
    { version: 1, reason: null },
    { version: 2, reason: 'found another laptop' },
  ]);
});

it('reports several months, with what models cost at a rate that is named', async () => {
  const report = ['billing', 'report', '--month', older, '--until', month];
  const [converted, plain] = await Promise.all([
    ada.cli.json<Report>([...report, ...ECB]),
    ada.cli.json<Report>(report),
  ]);
  const told = converted.lines.map(({ month, kind, measured_seconds: s, amount }) => [
    ...[month, kind, s, amount],
  ]);
  expect(told).toEqual([
    [older, 'time', 130 * 60, '173.33'],
    [older, 'delegated', 180 * 60, '240.00'],
    [older, 'ai', 0, '1.98'],
    [month, 'time', 80 * 60, '106.67'],
    [month, 'delegated', 90 * 60, '120.00'],
  ]);
  expect(converted).toMatchObject({
    totals: [{ amount: '641.98' }],
    exchange: { name: 'ECB of that day', rate: '0.9' },
    unpriced_lines: 0,
  });
  expect(plain).toMatchObject({
    totals: [{ amount: '640.00' }],
    exchange: null,
    unpriced_lines: 1,
  });
  for (const wrong of [
    [...report, '--exchange', '0.9'],
    [...report, '--exchange', '0,9', '--exchange-name', 'ECB'],
    ['billing', 'report', '--month', month, '--until', older],
  ]) {
    expect([wrong, (await ada.cli.run(wrong)).code]).toEqual([wrong, 2]);
  }
});

it('closes a month once, and bills it', async () => {
  const close = ['billing', 'close', '--month'];
  expect((await bea.cli.run([...close, month])).code).toBe(3);
  const running = new Date().toISOString().slice(0, 7);
  const early = await ada.cli.run([...close, running]);
  expect([early.code, early.stderr]).toEqual([2, expect.stringContaining('is not over')]);
  expect(await ok(ada, ...close, older)).toContain(`${older} of team is closed.`);
  expect(await ada.cli.json([...close, older])).toEqual({
    ...{ team: 'team', month: older, changed: false },
  });
  const invoice = ['billing', 'invoice', '--month', older];
  const without = await ada.cli.run(invoice);
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('exchange rate')]);
  const { bill } = await ada.cli.json<Report>([...invoice, ...ECB]);
  expect(bill).toMatchObject({ total: '415.31', exchange_name: 'ECB of that day' });
});
