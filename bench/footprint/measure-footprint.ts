import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../figures/statistics';
import { atMost, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { figuresOf } from './process-figures';
import { startIdleDaemon, type Program } from './programs';

const MOST_MB = 250;
const MOST_CPU_PERCENT = 1;
const SETTLE_MS = 5_000;
const WINDOW_MS = 5_000;

interface Idle {
  name: string;
  pssMb: number;
  rssMb: number;
  cpuPercent: number[];
}

/** What our processes cost while nothing happens. Postgres is counted apart. */
export async function measureFootprint(server: BenchServer, rounds: number): Promise<Report> {
  if (process.platform !== 'linux') throw new Error('the footprint is read from /proc: Linux only');
  const programs: Program[] = [];
  try {
    programs.push(await startIdleDaemon(server));
    await pause(SETTLE_MS);
    const postgres = server.pid === undefined ? [] : [{ name: 'Postgres', pid: server.pid }];
    const found = await watch([...programs, ...postgres], rounds);
    return report(server, rounds, found.slice(0, programs.length), found.slice(programs.length));
  } finally {
    for (const program of programs) await program.stop();
  }
}

async function watch(processes: { name: string; pid: number }[], rounds: number): Promise<Idle[]> {
  const found = processes.map(({ name }): Idle => ({ name, pssMb: 0, rssMb: 0, cpuPercent: [] }));
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const before = processes.map(({ pid }) => figuresOf(pid).cpuS);
    await pause(WINDOW_MS);
    const seconds = (performance.now() - start) / 1000;
    for (const [i, { pid }] of processes.entries()) {
      const now = figuresOf(pid);
      const idle = found[i]!;
      idle.pssMb = Math.max(idle.pssMb, now.pssMb);
      idle.rssMb = Math.max(idle.rssMb, now.rssMb);
      idle.cpuPercent.push(((now.cpuS - before[i]!) / seconds) * 100);
    }
  }
  return found;
}

function report(server: BenchServer, rounds: number, ours: Idle[], apart: Idle[]): Report {
  const cpu = ({ cpuPercent }: Idle) => median(cpuPercent);
  const sum = (value: (idle: Idle) => number) => ours.reduce((all, one) => all + value(one), 0);
  const rss = sum((idle) => idle.rssMb);
  const row = (idle: Idle) => [
    idle.name,
    idle.pssMb.toFixed(0),
    idle.rssMb.toFixed(0),
    cpu(idle).toFixed(2),
  ];
  return {
    name: 'footprint',
    title: `Idle processes, Postgres ${server.version}`,
    columns: ['', 'PSS MB', 'RSS MB', 'CPU %'],
    rows: [
      ...ours.map(row),
      ['ours together', sum((idle) => idle.pssMb).toFixed(0), rss.toFixed(0), sum(cpu).toFixed(2)],
      ...apart.map(row),
    ],
    ratios: [
      // RSS counts in full what processes share, so the true sum is not larger.
      atMost(`RSS together ÷ ${MOST_MB} MB`, rss / MOST_MB, 1),
      atMost(`CPU together ÷ ${MOST_CPU_PERCENT} %`, sum(cpu) / MOST_CPU_PERCENT, 1),
    ],
    rounds,
    figures: Object.fromEntries(
      [...ours, ...apart].map(({ name, pssMb, rssMb, cpuPercent }) => [
        name,
        { pss_mb: pssMb, rss_mb: rssMb, cpu_percent: cpuPercent },
      ]),
    ),
  };
}
