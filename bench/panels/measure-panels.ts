import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import { median, medianRatio, quantile } from '../figures/statistics';
import { atMost, millis, whole, type Ratio, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { computeBeyond, growthOver } from './beyond';
import { fill, PROJECTS, TEAMS } from './fill';
import { PANELS, RECOMPUTE, type Panel } from './panel-queries';

const SIZES = [100_000, 1_000_000, 3_000_000, 10_000_000];
/** Milliseconds for each panel, size and round, both sides together. */
const ROUND_MS = 300;
const AIM_MS = 20;
const AIM_POLICY = 1.3;
const AIM_GROWTH = 1.5;

export interface Found {
  panel: string;
  calls: number;
  asked: number;
  p99: number;
  plain: number;
  ratio: number;
}

/**
 * Each panel as a person's tool asks, beside the same as superuser, over ever more calls, up to `records`; then
 * ten times as many as the most, computed.
 */
export async function measurePanels(
  server: BenchServer,
  rounds: number,
  records = Infinity,
): Promise<Report> {
  const sizes = SIZES.filter((calls, i) => i < 2 || calls <= records);
  const found: Found[] = [];
  const recomputed: number[] = [];
  const filled: number[] = [];
  for (const calls of sizes) {
    const database = await server.database(`panels_${calls}`, { migrated: true });
    const person = await connect(await database.login('person', 'bench'));
    const superuser = await connect(database.url);
    try {
      filled.push(await fill(superuser, calls));
      const { rows } = await person.query<{ id: string }>('select id from coffee.projects');
      const projects = rows.map(({ id }) => id);
      for (const panel of PANELS) {
        found.push({
          panel: panel.name,
          calls,
          ...(await compare(person, superuser, panel, projects, rounds)),
        });
      }
      const begin = performance.now();
      await superuser.query(RECOMPUTE, [projects]);
      recomputed.push(performance.now() - begin);
    } finally {
      await person.end();
      await superuser.end();
    }
  }
  return report(server, rounds, sizes, { found, recomputed, filled });
}

async function compare(
  person: Client,
  superuser: Client,
  { name, asked, plain }: Panel,
  projects: string[],
  rounds: number,
): Promise<Omit<Found, 'panel' | 'calls'>> {
  const ours = await person.query(asked);
  const theirs = await superuser.query(plain, [projects]);
  if (ours.rows.length === 0 || !isDeepStrictEqual(rounded(ours.rows), rounded(theirs.rows))) {
    throw new Error(`${name}: the two sides differ`);
  }
  const sides = [() => person.query(asked), () => superuser.query(plain, [projects])] as const;
  const medians: [number[], number[]] = [[], []];
  const all: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const times: [number[], number[]] = [[], []];
    const end = performance.now() + ROUND_MS;
    for (let n = 0; performance.now() < end || n === 0; n += 1) {
      for (const i of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const begin = performance.now();
        await sides[i]();
        times[i].push(performance.now() - begin);
      }
    }
    if (round < 0) continue; // the first warms caches
    medians[0].push(median(times[0]));
    medians[1].push(median(times[1]));
    all.push(...times[0]);
  }
  return {
    asked: median(medians[0]),
    p99: quantile(all, 0.99),
    plain: median(medians[1]),
    ratio: medianRatio(medians[0], medians[1]),
  };
}

/** Sums in another order differ in the last digit of a float. */
function rounded(rows: unknown): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );
}

function report(
  server: BenchServer,
  rounds: number,
  sizes: number[],
  { found, recomputed, filled }: { found: Found[]; recomputed: number[]; filled: number[] },
): Report {
  const of = (panel: string, calls: number): Found =>
    found.find((one) => one.panel === panel && one.calls === calls)!;
  const { least, most } = growthOver(sizes);
  const ratios = PANELS.flatMap(({ name }): Ratio[] => {
    const last = of(name, most);
    return [
      atMost(`${name}: by policy / written out`, last.ratio, AIM_POLICY),
      atMost(
        `${name}: ${whole(most)} / ${whole(least)} calls`,
        last.asked / of(name, least).asked,
        AIM_GROWTH,
      ),
      atMost(`${name}: p99 ms`, last.p99, AIM_MS),
    ];
  });
  return {
    name: 'panels',
    title: `Dashboard panels, ${TEAMS} teams, ${PROJECTS} projects, a year of calls, Postgres ${server.version}`,
    columns: ['', 'calls', 'policy ms', 'p99 ms', 'written ms'],
    rows: [
      ...found.map((one) => [
        ...[one.panel, whole(one.calls), millis(one.asked), millis(one.p99), millis(one.plain)],
      ]),
      ...sizes.map((calls, i) => [
        ...['the first, without sums', whole(calls), '', '', millis(recomputed[i]!)],
      ]),
      ...sizes.map((calls, i) => ['filling the tables', whole(calls), '', '', millis(filled[i]!)]),
      ...computeBeyond(sizes, found, recomputed),
    ],
    tables: [],
    ratios,
    rounds,
    figures: { found, recomputed, filled_ms: filled },
  };
}
