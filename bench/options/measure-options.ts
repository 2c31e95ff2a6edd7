import { medianRatio } from '../figures/statistics';
import { whole, type Ratio, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { drawOptions } from './draw-options';
import { sqliteDriver } from './driver';
import { openGrounds, type MakeGround } from './ground';
import { tryHostile } from './hostile';
import { tryKill } from './kill';
import { middle, type Measured } from './measured';
import { OPTIONS, type OptionName } from './place';
import { runWorkload, type Run } from './run-workload';

const SIZES = [1, 4, 16];
const RUN_MS = 2_000;
const NAMES = Object.keys(OPTIONS) as OptionName[];
/** An agent that has taken over a daemon meets the same four. */
const FOUR = NAMES.filter((name) => name !== 'P');

/** The predecessor's four options under one load, under attack and under kill -9. */
export async function measureOptions(server: BenchServer, rounds: number): Promise<Report> {
  const grounds = await openGrounds(server);
  try {
    const measured = await underLoad(grounds.make, rounds);
    const hostile = await tryHostile(FOUR, grounds.make);
    const killed = await tryKill(FOUR, grounds.make);
    return {
      name: 'options',
      title: `Four options, Postgres ${server.version}, SQLite by ${sqliteDriver().name}`,
      columns: [
        ...['', 'writes/s', 'p50', 'p99', 'worst', 'least'],
        ...['seen', 'p99', 'busy', 'lost', 'stale'],
      ],
      rows: measured.map(row),
      tables: [hostile, killed],
      ratios: ratios(measured),
      rounds,
      figures: Object.fromEntries(
        measured.map(({ option, processes, runs }) => [`${option} ${processes}`, runs]),
      ),
      images: { 'options.svg': drawOptions(measured) },
    };
  } finally {
    await grounds.close();
  }
}

async function underLoad(make: MakeGround, rounds: number): Promise<Measured[]> {
  const measured = SIZES.flatMap((processes) =>
    NAMES.map((option): Measured => ({ option, processes, runs: [] })),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const { option, processes, runs } of measured) {
      const ground = await make(option);
      const name = `${round}-${processes}`;
      runs.push(await runWorkload(ground, { processes, ms: RUN_MS, name }));
      ground.close();
    }
  }
  return measured;
}

function ratios(measured: Measured[]): Ratio[] {
  const writes = (option: OptionName, processes: number): number[] =>
    measured
      .find((one) => one.option === option && one.processes === processes)!
      .runs.map((run) => run.writesPerSecond);
  return SIZES.flatMap((processes) =>
    (['C', 'P'] as const).map((option) => ({
      what: `writes a second by ${processes}, ${option} ÷ A`,
      value: medianRatio(writes(option, processes), writes('A', processes)),
    })),
  );
}

function row(one: Measured): string[] {
  const value = (key: keyof Run) => middle(one, key);
  return [
    `${one.option} ${one.processes}`,
    whole(value('writesPerSecond')),
    ...(['p50', 'p99', 'longest'] as const).map((key) => short(value(key))),
    value('least').toFixed(2),
    ...(['seenP50', 'seenP99'] as const).map((key) => short(value(key))),
    ...(['busy', 'lost', 'stale'] as const).map((key) => whole(value(key))),
  ];
}

/** Three digits that matter. */
function short(value: number): string {
  if (value >= 100) return whole(value);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
