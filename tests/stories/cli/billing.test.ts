import { listPublishingHealth } from '@coffee-roadmap/shared/publishing/queries';
import { sql } from 'kysely';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { query } from '../../support/database';
import { findChromium } from '../../support/browser';
import { until } from '../../support/until';
import type { Result } from './program';
import { both, join, month, ok, work } from './published-time';
import { createTeam, type Person, type Team } from './team';
import { checkOut, readWorkflow } from './workflow';

let team: Team;
let ada: Person;
let bea: Person;

const fails = (person: Person, ...args: string[]): Promise<Result> => person.cli.run(args);

beforeAll(async () => {
  team = await createTeam();
  ada = team.ada;
  bea = await team.person('Bea');
  await join(team.database.superuserUrl, 'Bea');
  await team.project('shop');
  await work(team.database.superuserUrl, bea.session.me.id, [3, 4], 61);
});
afterAll(() => team.close());

it('a manager says what is billed, and of whom; a member neither says nor sees it', async () => {
  const set = ['projects', 'set', 'shop', '--client', 'Acme', '--currency', 'EUR'];
  const shown = await ok(ada, ...set, '--rounding', '15m/day', '--budget-month', '5000');
  expect(shown).toContain('client:     Acme');
  expect(shown).toContain('bills:      in EUR, up to 15 min per day');
  expect(await ok(ada, 'teams', 'granularity', '--period', 'day', '--from', month)).toMatch(
    /day +project +UTC/,
  );
  await Promise.all([
    ok(ada, 'rates', 'set', 'shop', '80', '--from', `${month}-01`),
    ok(ada, 'rates', 'set', 'shop', '100.5', '--person', 'Bea', '--from', `${month}-01`),
  ]);
  const [all, own] = await Promise.all([ok(ada, 'rates'), ok(bea, 'rates')]);
  expect(all).toMatch(/shop +everybody else +\S+ +80.00 +EUR/);
  expect(own).toMatch(/shop +Bea +\S+ +100.50 +EUR/);
  expect(own).not.toContain('80.00');
  const refused = [
    set,
    ['rates', 'set', 'shop', '1'],
    ['billing', 'report', '--month', month],
    ['insights', 'publish', '--month', month],
  ];
  const codes = await Promise.all(refused.map(async (args) => (await fails(bea, ...args)).code));
  expect(codes).toEqual([3, 3, 3, 3]);
});

it('what no link names is never published', async () => {
  const before = await ok(bea, 'publish', '--dry-run');
  expect(before).toContain('Not published, because no link names a project: private, shop');
  expect(before).not.toContain('1.');
  await ok(bea, 'projects', 'link', '/home/bea/shop', '--project', 'shop');
  const preview = await ok(bea, 'publish', '--dry-run');
  expect(preview).toMatch(new RegExp(`${month}-03 +shop +1.50 `));
  expect(preview).toContain('no link names a project: private\n');
  const { rows } = {
    rows: await query(team.database.superuserUrl, 'select 1 from coffee.published_summaries'),
  };
  expect(rows).toEqual([]);
});

it('a publication holds totals and nothing else, and a second one changes nothing', async () => {
  expect(await ok(bea, 'publish')).toMatch(new RegExp(`${month}-03 +shop +1.50 +published`));
  const again = await bea.cli.json<{ teams: { periods: { outcome: string }[] }[] }>(['publish']);
  expect(new Set(again.teams[0]!.periods.map(({ outcome }) => outcome))).toEqual(
    new Set(['unchanged']),
  );
  const lines = await query<Record<string, unknown>>(
    team.database.superuserUrl,
    `select kind, measured_seconds::int, billed_seconds::int, sessions, issues from coffee.published_lines`,
  );
  // 61 + 20 minutes are 81, up to 15 minutes 90; agents' time is not billed, the private folder not told.
  const day = {
    kind: 'time',
    measured_seconds: 4860,
    billed_seconds: 5400,
    sessions: 1,
    issues: 1,
  };
  expect(lines).toEqual([day, day]);
});

it('a closed day is corrected with a reason alone, as a new version', async () => {
  await work(team.database.superuserUrl, bea.session.me.id, [4], 30, 360);
  const refused = await fails(bea, 'publish');
  expect(refused.code).toBe(5);
  expect(refused.stdout).toMatch(new RegExp(`${month}-04 .*held: closed`));
  expect(refused.stderr).toContain('--reason');
  await ok(bea, 'publish', '--reason', 'a laptop was offline');
  const versions = await query(
    team.database.superuserUrl,
    `select first_day::text, version, reason from coffee.published_summaries where version > 1`,
  );
  expect(versions).toEqual([
    { first_day: `${month}-04`, version: 2, reason: 'a laptop was offline' },
  ]);
});

it('the manager sees people, hours, rates and totals to the cent, the same bytes each time', async () => {
  const report = await ok(ada, 'billing', 'report', '--month', month);
  expect(report).toContain('shop for Acme (EUR, rounded up to 15 min per day)');
  // 90 minutes and, with the correction, 131 + up to 135.
  expect(report).toMatch(/Bea +3.53 +3.75 +100.50 +376.88/);
  expect(report).toContain('Total 376.88 EUR');
  for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(report).not.toMatch(/private|local:7|session-of-bea|\/home/);
  expect(report).toContain('7.5 % of the budget of 5000.00 EUR');
  const exported = ['billing', 'export', '--month', month, '--format'];
  const [json, again] = await both(ada, ...exported, 'json');
  expect(json).toBe(again);
  expect(JSON.parse(json)).toMatchObject({
    totals: [{ currency: 'EUR', amount: '376.88' }],
    budgets: [{ project: 'shop', budget: '5000.00', amount: '376.88' }],
  });
  const [html, htmlAgain] = await both(ada, ...exported, 'html');
  expect(html).toBe(htmlAgain);
  const [csv, csvAgain] = await both(ada, ...exported, 'csv');
  expect(csv).toBe(csvAgain);
  expect(csv.split('\r\n')[1]).toMatch(/^Acme,shop,Bea,.*,376.88,EUR$/);
  const trail = ['audit', 'list', '--action', 'export.billing'];
  const { entries } = await ada.cli.json<{ entries: { data: object }[] }>(trail);
  expect(entries).toHaveLength(6);
  expect(entries[0]!.data).toMatchObject({ format: 'csv', client: null, from: `${month}-01` });
});

it('a bill is made once of the same inputs, and printed', async () => {
  const bill = await ada.cli.json<{ bill: { id: number; total: string } }>([
    ...['billing', 'invoice', '--month', month],
  ]);
  expect(bill.bill).toMatchObject({ id: 1, total: '376.88' });
  const file = path.join(ada.cli.home, 'bill.html');
  const trail = ['audit', 'list', '--action', 'export.billing'];
  const before = await ada.cli.json<{ entries: object[] }>(trail);
  await ok(ada, 'billing', 'invoice', '--month', month, '--client', 'Acme', '-o', file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const html = readFileSync(file, 'utf8');
  expect(html).toContain(`<h1>Bill 1: Acme ${month}</h1>`);
  expect(html).toContain('Total 376.88 EUR');
  const { entries } = await ada.cli.json<{ entries: { data: object }[] }>(trail);
  expect(entries).toHaveLength(before.entries.length + 1);
  expect(entries[0]!.data).toMatchObject({ bill: 1, client: 'Acme', format: 'html' });
  const none = await ada.cli.run(
    [
      'billing',
      'invoice',
      '--month',
      month,
      '--format',
      'pdf',
      '-o',
      path.join(ada.cli.home, 'x.pdf'),
    ],
    { env: { COFFEE_ROADMAP_CHROMIUM: 'no-such-program' } },
  );
  expect([none.code, none.stderr]).toEqual([
    1,
    expect.stringContaining('there is no Chromium here'),
  ]);
  expect(existsSync(path.join(ada.cli.home, 'x.pdf'))).toBe(false);
  const chromium = findChromium();
  if (chromium === undefined) return;
  const print = async (name: string): Promise<string> => {
    const pdf = path.join(ada.cli.home, name);
    await ada.cli.run(['billing', 'invoice', '--month', month, '-o', pdf], {
      env: { COFFEE_ROADMAP_CHROMIUM: chromium },
    });
    const text = readFileSync(pdf, 'latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    return text
      .replace(/\/(CreationDate|ModDate) ?\([^)]*\)/g, '')
      .replace(/\/ID ?\[[^\]]*\]/g, '');
  };
  const [one, two] = await Promise.all([print('one.pdf'), print('two.pdf')]);
  expect(one).toBe(two);
}, 120_000);

it('the check names who is missing, as an auditor too, and tells the team', async () => {
  await query(
    team.database.superuserUrl,
    `update coffee.memberships set created_at = now() - interval '200 days'`,
  );
  const { code, stdout, stderr } = await fails(ada, 'publish', '--check');
  expect(code).toBe(1);
  expect(stdout).toMatch(/Ada +\S+ +nothing was published/);
  expect(stderr).toContain('missing or damaged');
  expect(await ok(bea, 'publish', '--check')).toContain('Every closed period since');
  const added = await ada.cli.json<{ url: string }>(['people', 'add', 'ci', '--kind', 'auditor']);
  const auditor = team.program.as(added.url);
  const seen = await auditor.run(['publish', '--check', '--json']);
  const { ok: well, problems } = JSON.parse(seen.stdout) as { ok: boolean; problems: object[] };
  expect([seen.code, well]).toEqual([1, false]);
  expect(problems).toContainEqual(expect.objectContaining({ person: 'Ada', problem: 'missing' }));
  await ok(ada, 'publish');
  const { steps, secrets, text } = readWorkflow('check-publications.yml');
  expect(text).toContain('coffee-roadmap people add ci --kind auditor');
  expect(steps.slice(0, -1)).toEqual(['npm ci', 'npm run build']);
  const checkout = checkOut(path.join(team.program.folder, 'a checkout'));
  const check = (): object =>
    checkout.run(steps.at(-1)!, Object.fromEntries(secrets.map((name) => [name, added.url])));
  expect(check()).toMatchObject({ code: 1, said: expect.stringContaining('built') as string });
  checkout.build();
  expect(check()).toMatchObject({
    code: 0,
    said: expect.stringContaining('is published') as string,
  });
  const layers = await listPublishingHealth(ada.session);
  // One of the manager's and one of the auditor's found something, the workflow's nothing.
  expect(layers).toContainEqual(
    expect.objectContaining({ layer: 'ci', runs: 3, failed_runs: 2, below_aim: true }),
  );
  expect(await ok(ada, 'publish', '--check')).toContain('Every closed period since');
  const notifications = await ok(bea, 'notifications', 'list', '--all');
  expect(notifications).toContain('missing or damaged');
});

it('tells a team nothing about a few people', async () => {
  const told = await ok(ada, 'insights', 'publish', '--month', month);
  expect(told).toMatch(new RegExp(`${month}-01 +${month}-01 +withheld +withheld`));
  expect(told).toContain('Withheld: it would tell of too few people');
  const { insights } = await bea.cli.json<{ insights: { calls: number | null }[] }>(['insights']);
  expect(insights.length).toBeGreaterThan(27);
  expect(new Set(insights.map(({ calls }) => calls))).toEqual(new Set([null]));
});

it('a bill has the lines that it was made of, also where somebody publishes meanwhile', async () => {
  const { superuserUrl } = team.database;
  const [project] = await query<{ id: string; team_id: string }>(
    superuserUrl,
    `select id, team_id from coffee.projects where name = 'shop'`,
  );
  const line = { project: project!.id, kind: 'time', measured_seconds: 7200, billed_seconds: 7200 };
  const invoice = await bea.session.db.transaction().execute(async (db) => {
    await sql`select coffee.publish(${project!.team_id}::uuid, ${`${month}-04`}::date,
      ${JSON.stringify([line])}::jsonb, 'hand', 'too much')`.execute(db);
    const made = ada.cli.json<{
      bill: { total: string };
      totals: object[];
      lines: { billed_seconds: number }[];
    }>(['billing', 'invoice', '--month', month]);
    const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    await until('the bill waits', async () => (await query(superuserUrl, waiting)).length > 0);
    return { made };
  });
  // 90 minutes of the third, and two hours now.
  expect(await invoice.made).toMatchObject({
    bill: { total: '351.75' },
    totals: [{ currency: 'EUR', amount: '351.75' }],
    lines: [{ billed_seconds: 12_600 }],
  });
});
