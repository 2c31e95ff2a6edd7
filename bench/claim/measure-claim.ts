import { median, medianRatio, quantile } from '../figures/statistics';
import { above, millis, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { openCoffee } from './coffee';
import { WORKERS, type Contender } from './contender';
import { openGraphileWorker } from './graphile-worker';
import { openPgBoss } from './pg-boss';

const TASKS = 800;

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
}

/** Claim to finish, per second and in milliseconds, beside two job queues on the same server. */
export async function measureClaim(server: BenchServer, rounds: number): Promise<Report> {
  const open = [openCoffee, openGraphileWorker, openPgBoss];
  const contenders: Contender[] = [];
  try {
    for (const one of open) contenders.push(await one(server));
    const results = contenders.map((): Round[] => []);
    for (let round = -1; round < rounds; round += 1) {
      for (const [i, contender] of contenders.entries()) {
        const result = await oneRound(contender);
        if (round >= 0) results[i]!.push(result); // the first warms caches and plans
      }
    }
    return report(server, contenders, results);
  } finally {
    for (const contender of contenders) await contender.close();
  }
}

async function oneRound(contender: Contender): Promise<Round> {
  await contender.fill(TASKS);
  const start = performance.now();
  const times = await contender.drain(TASKS);
  const seconds = (performance.now() - start) / 1000;
  if (times.length !== TASKS) {
    throw new Error(`${contender.name} finished ${times.length} of ${TASKS} tasks`);
  }
  return { perSecond: TASKS / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

function report(server: BenchServer, contenders: Contender[], results: Round[][]): Report {
  const of = (i: number, key: keyof Round) => results[i]!.map((round) => round[key]);
  return {
    name: 'claim',
    title: `Claim to finish over ${WORKERS} connections, Postgres ${server.version}`,
    columns: ['', 'per second', 'p50 ms', 'p99 ms'],
    rows: contenders.map(({ name }, i) => [
      name,
      whole(median(of(i, 'perSecond'))),
      millis(median(of(i, 'p50'))),
      millis(median(of(i, 'p99'))),
    ]),
    ratios: contenders
      .slice(1)
      .flatMap(({ name }, i) => [
        above(
          `per second, ours ÷ ${name}`,
          medianRatio(of(0, 'perSecond'), of(i + 1, 'perSecond')),
          1,
        ),
        { what: `p50, ours ÷ ${name}`, value: medianRatio(of(0, 'p50'), of(i + 1, 'p50')) },
      ]),
    rounds: results[0]!.length,
    figures: Object.fromEntries(
      contenders.map(({ name }, i) => [
        name,
        { per_second: of(i, 'perSecond'), p50_ms: of(i, 'p50'), p99_ms: of(i, 'p99') },
      ]),
    ),
  };
}
