import { median, medianRatio, quantile } from '../figures/statistics';
import { atMost, millis, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import type { Pair } from './pair';
import { openProduct } from './product';
import { openRaw } from './raw';

const SAMPLES = 200;
const WARM_UP = 100;
const AIM = 1.5;

/** A durable write until another client has read the row again, beside plain insert and NOTIFY. */
export async function measureLatency(server: BenchServer, rounds: number): Promise<Report> {
  const product = await openProduct(server, WARM_UP + rounds * SAMPLES);
  const raw = await openRaw(server);
  try {
    const ours: number[][] = [];
    const theirs: number[][] = [];
    await samplesOf(product, WARM_UP);
    await samplesOf(raw, WARM_UP);
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await samplesOf(product, SAMPLES));
      theirs.push(await samplesOf(raw, SAMPLES));
    }
    return report(server, ours, theirs);
  } finally {
    await product.close();
    await raw.close();
  }
}

async function samplesOf(pair: Pair, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) times.push(await pair.sample());
  return times;
}

function report(server: BenchServer, ours: number[][], theirs: number[][]): Report {
  const at = (rounds: number[][], share: number) => rounds.map((times) => quantile(times, share));
  const p50 = medianRatio(at(ours, 0.5), at(theirs, 0.5));
  const p99 = medianRatio(at(ours, 0.99), at(theirs, 0.99));
  const row = (name: string, rounds: number[][]) => [
    name,
    millis(median(at(rounds, 0.5))),
    millis(median(at(rounds, 0.99))),
  ];
  return {
    name: 'latency',
    title: `Durable write until another client has read the row, Postgres ${server.version}`,
    columns: ['', 'p50 ms', 'p99 ms'],
    rows: [
      row('question asked by a daemon, read as a person', ours),
      row('plain insert and NOTIFY, read as superuser', theirs),
    ],
    ratios: [atMost('p50, ours ÷ plain', p50, AIM), { what: 'p99, ours ÷ plain', value: p99 }],
    rounds: ours.length,
    figures: {
      product: { p50_ms: at(ours, 0.5), p99_ms: at(ours, 0.99) },
      plain: { p50_ms: at(theirs, 0.5), p99_ms: at(theirs, 0.99) },
    },
  };
}
