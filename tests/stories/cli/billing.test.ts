import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { query } from '../../support/database';
import { findChromium } from '../../support/browser';
import type { Result } from './program';
import { createTeam, type Person, type Team } from './team';

let team: Team;
let ada: Person;
let bea: Person;

/** The month before last: closed, whenever this runs, and within what is published by itself. */
const month = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 2, 1))
  .toISOString()
  .slice(0, 7);
const MACHINE = '11111111-1111-4111-8111-111111111111';

const ok = async (person: Person, ...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await person.cli.run(args);
  expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
  return stdout;
};
const fails = (person: Person, ...args: string[]): Promise<Result> => person.cli.run(args);

/** Credited time as the allocation leaves it: two folders, a timer, an agent. */
async function work(
  database: string,
  person: string,
  days: number[],
  minutes: number,
  later = 0,
): Promise<void> {
  await query(
    database,
    `with place (id, place) as (values (1, '/home/bea/shop'), (2, '/home/bea/private'))
     insert into coffee.streams (person_id, id, machine_id, place, place_key, name)
     select $1, id, $2, place, md5(place)::uuid, split_part(place, '/', 4) from place
     on conflict do nothing`,
    [person, MACHINE],
  );
  await query(
    database,
    `insert into coffee.time_days (person_id, day, has_events, computed_version)
     select $1, ($2 || '-' || lpad(d::text, 2, '0'))::date, true, 1 from unnest($3::int[]) d
     on conflict do nothing`,
    [person, month, days],
  );
  await query(
    database,
    `insert into coffee.time_intervals (person_id, day, n, credited_by, starts_at, ends_at, stream_id, issue, machine_id, session_id)
     select $1, t.day, coalesce((select max(i.n) from coffee.time_intervals i where i.person_id = $1 and i.day = t.day), 0) + v.n,
       v.credited_by, (t.day + (v.at + $6::int) * interval '1 minute') at time zone 'UTC',
       (t.day + (v.at + $6::int + v.minutes) * interval '1 minute') at time zone 'UTC', v.stream, v.issue, $2, v.session
     from (select ($3 || '-' || lpad(d::text, 2, '0'))::date as day from unnest($4::int[]) d) t
     cross join (values (1, 'focus', 540, $5::int, 1, null, null), (2, 'timer', 720, 20, 1, 'local:7', null),
       (3, 'focus', 800, 60, 2, null, null), (4, 'agent', 540, 90, 1, null, 'session-of-bea'))
       v (n, credited_by, at, minutes, stream, issue, session)`,
    [person, MACHINE, month, days, minutes, later],
  );
}

beforeAll(async () => {
  team = await createTeam();
  ada = team.ada;
  bea = await team.person('Bea');
  await query(
    team.database.superuserUrl,
    `insert into coffee.memberships (team_id, member_id)
     select t.id, p.id from coffee.teams t, coffee.people p where p.name = 'Bea' on conflict do nothing`,
  );
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
  await ok(ada, 'rates', 'set', 'shop', '80', '--from', `${month}-01`);
  await ok(ada, 'rates', 'set', 'shop', '100.5', '--person', 'Bea', '--from', `${month}-01`);
  expect(await ok(ada, 'rates')).toMatch(/shop +everybody else +\S+ +80.00 +EUR/);
  expect(await ok(bea, 'rates')).toMatch(/shop +Bea +\S+ +100.50 +EUR/);
  expect(await ok(bea, 'rates')).not.toContain('80.00');
  for (const args of [
    set,
    ['rates', 'set', 'shop', '1'],
    ['billing', 'report', '--month', month],
  ]) {
    expect([args.join(' '), (await fails(bea, ...args)).code]).toEqual([args.join(' '), 3]);
  }
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
  const digest = async (format: string): Promise<string> =>
    createHash('sha256')
      .update(await ok(ada, 'billing', 'export', '--month', month, '--format', format))
      .digest('hex');
  for (const format of ['csv', 'html']) expect(await digest(format)).toBe(await digest(format));
  const csv = await ok(ada, 'billing', 'export', '--month', month);
  expect(csv.split('\r\n')[1]).toMatch(/^Acme,shop,Bea,.*,376.88,EUR$/);
});

it('a bill is made once of the same inputs, and printed', async () => {
  const bill = await ada.cli.json<{ bill: { id: number; total: string } }>([
    ...['billing', 'invoice', '--month', month],
  ]);
  expect(bill.bill).toMatchObject({ id: 1, total: '376.88' });
  const file = path.join(ada.cli.home, 'bill.html');
  await ok(ada, 'billing', 'invoice', '--month', month, '--client', 'Acme', '-o', file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const html = readFileSync(file, 'utf8');
  expect(html).toContain(`<h1>Bill 1: Acme ${month}</h1>`);
  expect(html).toContain('Total 376.88 EUR');
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
  expect(await print('one.pdf')).toBe(await print('two.pdf'));
  expect(existsSync(path.join(ada.cli.home, 'x.pdf'))).toBe(false);
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
  await ok(ada, 'publish');
  expect(await ok(ada, 'publish', '--check')).toContain('Every closed period since');
  const notifications = await ok(bea, 'notifications', 'list', '--all');
  expect(notifications).toContain('missing or damaged');
});
