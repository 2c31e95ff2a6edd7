import { atMost, millis, whole, type Ratio, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { compareReport } from './compare-report';
import { AFTER, fillYear, FIRST } from './fill';
import { fillEvents } from './fill-events';
import { publishChangedDay } from './publish-changed-day';
import { inserting, publishing } from './publish-lines';

const PEOPLE = [50, 500];
const MONTH = '2025-10-01';
const MONTH_END = '2025-11-01';
/** Ten million are asked for with --records. */
const EVENTS = 200_000;
const AIM_MONTH_MS = 100;
const AIM_YEAR_MS = 500;
/** Of reading what is asked about: what a report computes besides, and who asks. */
const AIM_RATIO = 1;
const AIM_PUBLISH = 5;

interface Found {
  what: string;
  ours: number;
  /** Null: nothing is beside it. */
  plain: number | null;
  cpu: number | null;
}

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
    const events = Math.round((records * people) / Math.max(...PEOPLE));
    await measureTeam(server, { people, events, rounds }, found, ratios);
  }
  return {
    name: 'billing',
    title: `Reports over a year of published days, three projects a day, Postgres ${server.version}`,
    columns: ['', 'ours ms', 'plain ms', 'ours CPU ms'],
    rows: found.map(({ what, ours, plain, cpu }) => [
      ...[what, millis(ours)],
      ...[plain, cpu].map((one) => (one === null ? '' : millis(one))),
    ]),
    ratios,
    rounds,
    figures: { people: PEOPLE.map(whole), found },
  };
}

async function measureTeam(
  server: BenchServer,
  { people, events, rounds }: { people: number; events: number; rounds: number },
  found: Found[],
  ratios: Ratio[],
): Promise<void> {
  const database = await server.database(`billing_${people}`, { migrated: true });
  const url = await database.login('person', 'bench');
  const superuser = await connect(database.url);
  const how = { rounds, ownServer: server.pid !== undefined };
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
      const cost = await compareReport(url, superuser, { team, from, to }, how);
      const { lines, answer, plain, report, cpu } = cost;
      found.push({
        what: `${what}, ${whole(lines)} lines: answer`,
        ours: answer,
        plain,
        cpu: null,
      });
      found.push({ what: `${what}: whole report`, ours: report, plain, cpu });
      ratios.push(atMost(`${what}: answer / plain aggregate as owner`, answer / plain, AIM_RATIO));
      if (aim !== undefined) ratios.push(atMost(`${what}: whole report, ms`, report, aim));
    }
    found.push({
      what: `${people} people, a day's lines into the database`,
      ours: await publishing(url, team, rounds),
      plain: await inserting(superuser, team, rounds),
      cpu: null,
    });
    const loading = await fillEvents(database.url, events);
    found.push({ what: `making ${whole(events)} events`, ours: loading, plain: null, cpu: null });
    const { publish, plain, cpu } = await publishChangedDay(url, superuser, how);
    const what = `${people} people, ${whole(events)} events, publish of a changed day`;
    found.push({ what, ours: publish, plain, cpu });
    ratios.push(
      atMost(
        `${people} people: publish of a changed day / aggregates of its months as owner`,
        publish / plain,
        AIM_PUBLISH,
      ),
    );
  } finally {
    await superuser.end();
  }
}
