import { openSession } from '@coffee-roadmap/shared/db/session';
import { publishPeriod } from '@coffee-roadmap/shared/publishing/queries';
import type { SummaryLine } from '@coffee-roadmap/shared/publishing/summarise';
import type { Client } from 'pg';
import { median } from '../figures/statistics';
import { millis, whole, type Ratio, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { AFTER, fillYear, FIRST } from './fill';
import { fillEvents } from './fill-events';
import { publishChangedDay } from './publish-changed-day';

const PEOPLE = [50, 500];
const MONTH = '2025-10-01';
const MONTH_END = '2025-11-01';
/** Ten million are asked for with --records. */
const EVENTS = 200_000;
const AIM_MONTH_MS = 100;
const AIM_YEAR_MS = 500;

interface Found {
  what: string;
  ours: number;
  /** Null: nothing is beside it. */
  plain: number | null;
}

const REPORT = `select count(*)::int as lines, sum(amount) as total, sum(cost_nanos)::text as nanos
  from coffee.billing_lines($1, $2, $3)`;
/** The same sums by whom no policy and no function stands before; without rates, rounding or versions. */
const PLAIN = `select count(*)::int as lines, sum(nanos)::text as nanos from (
  select project_id, person_id, date_trunc('month', first_day::timestamp) as month, issue, kind, model,
    sum(measured_seconds), sum(billed_seconds), sum(cost_nanos) as nanos
  from coffee.published_lines where team_id = $1 and first_day >= $2 and first_day < $3
  group by 1, 2, 3, 4, 5, 6) one`;

/**
 * A manager's report beside a plain aggregate over the same rows, and the publication of a changed day.
 * `records`: events of everybody in the large team, which lie around whoever publishes.
 */
export async function measureBilling(
  server: BenchServer,
  rounds: number,
  records = EVENTS,
): Promise<Report> {
  const found: Found[] = [];
  const ratios: Ratio[] = [];
  for (const people of PEOPLE) {
    const database = await server.database(`billing_${people}`, { migrated: true });
    const url = await database.login('person', 'bench');
    const [manager, superuser] = [await connect(url), await connect(database.url)];
    try {
      const team = await fillYear(superuser, people);
      await superuser.query(`insert into coffee.memberships (team_id, member_id, role)
        select t.id, p.id, 'manager' from coffee.teams t, priv.principals p where p.name = 'bench'
        on conflict (team_id, member_id) do update set role = 'manager'`);
      await superuser.query(`do $$ begin execute format('grant coffee_manager to %I',
        (select login from priv.principals where name = 'bench')); end $$`);
      for (const [name, from, to, aim] of [
        ['month', MONTH, MONTH_END, people === 50 ? AIM_MONTH_MS : undefined],
        ['year', FIRST, AFTER, people === 500 ? AIM_YEAR_MS : undefined],
      ] as const) {
        const what = `${people} people, a ${name}`;
        const one = await compare(manager, superuser, [team, from, to], rounds);
        found.push({ what, ...one });
        ratios.push({
          what: `${what}: report / plain aggregate as owner`,
          value: one.ours / one.plain,
          ...(aim === undefined ? {} : { aim: `${aim} ms`, met: one.ours <= aim }),
        });
      }
      found.push({
        what: `${people} people, a day's lines into the database`,
        ours: await publishing(url, team, rounds),
        plain: await inserting(superuser, team, rounds),
      });
      const events = Math.round((records * people) / Math.max(...PEOPLE));
      const loading = await fillEvents(superuser, events);
      found.push({ what: `making ${whole(events)} events`, ours: loading, plain: null });
      const changed = await publishChangedDay(url, superuser, rounds);
      const what = `${people} people, ${whole(events)} events, publish of a changed day`;
      found.push({ what, ...changed });
      ratios.push({
        what: `${people} people: publish of a changed day / aggregate of its months as owner`,
        value: changed.ours / changed.plain,
      });
    } finally {
      await manager.end();
      await superuser.end();
    }
  }
  return {
    name: 'billing',
    title: `Reports over a year of published days, three projects a day, Postgres ${server.version}`,
    columns: ['', 'ours ms', 'plain ms'],
    rows: found.map((one) => [
      one.what,
      millis(one.ours),
      one.plain === null ? '' : millis(one.plain),
    ]),
    ratios,
    rounds,
    figures: { people: PEOPLE.map(whole), found },
  };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function compare(
  manager: Client,
  superuser: Client,
  params: string[],
  rounds: number,
): Promise<{ ours: number; plain: number }> {
  const sides = [
    async () => (await manager.query<{ lines: number; nanos: string }>(REPORT, params)).rows[0]!,
    async () => (await superuser.query<{ lines: number; nanos: string }>(PLAIN, params)).rows[0]!,
  ] as const;
  const [ours, plain] = [await sides[0](), await sides[1]()];
  if (ours.lines === 0 || ours.lines !== plain.lines || ours.nanos !== plain.nanos) {
    throw new Error(`${ours.lines} lines in the report, ${plain.lines} in the plain aggregate`);
  }
  const times: [number[], number[]] = [[], []];
  for (let n = 0; n < rounds * 3; n += 1) {
    for (const i of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      times[i].push(await timeOf(sides[i]));
    }
  }
  return { ours: median(times[0]), plain: median(times[1]) };
}

const NOTHING = {
  ...{ issue: '', model: '', sessions: 0, issues: 0, input_tokens: 0, output_tokens: 0 },
  ...{ cache_read_tokens: 0, cache_write_tokens: 0, cost_nanos: 0, unpriced_calls: 0 },
};

/** A day that is open, published with another number each time. */
async function publishing(url: string, teamId: string, rounds: number): Promise<number> {
  const session = await openSession(url, 'person', { connections: 1 });
  try {
    const { projects } = {
      projects: await session.db.selectFrom('coffee.projects').select('id').limit(3).execute(),
    };
    const firstDay = new Date().toISOString().slice(0, 10);
    const times: number[] = [];
    for (let n = 1; n <= rounds * 10; n += 1) {
      const lines = projects.map(({ id }): SummaryLine => ({
        ...{ ...NOTHING, project: id, kind: 'time', measured_seconds: n, billed_seconds: n },
      }));
      times.push(
        await timeOf(() => publishPeriod(session, { teamId, firstDay, lines, layer: 'service' })),
      );
    }
    return median(times);
  } finally {
    await session.close();
  }
}

/** The same rows written by whom nothing checks. */
async function inserting(superuser: Client, team: string, rounds: number): Promise<number> {
  const times: number[] = [];
  await superuser.query(`create table plain_lines as select * from coffee.published_lines limit 0`);
  for (let n = 1; n <= rounds * 10; n += 1) {
    times.push(
      await timeOf(() =>
        superuser.query(
          `insert into plain_lines select * from coffee.published_lines where team_id = $1 limit 3`,
          [team],
        ),
      ),
    );
  }
  return median(times);
}
