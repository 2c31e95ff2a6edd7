import os from 'node:os';
import { whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { DAY, simulate, type Load, type Unit } from './model';
import { measureUnits } from './units';

const PEOPLE = [10, 1_000, 100_000];

const few = (value: number): string =>
  value >= 100 ? whole(value) : value >= 1 ? value.toFixed(1) : value.toPrecision(2);

/** From what one of each costs on this machine to what so many people would need. Computed, not run. */
export async function measureSimulate(server: BenchServer): Promise<Report> {
  const { pid } = server;
  if (pid === undefined || process.platform !== 'linux')
    throw new Error('the costs are read from /proc: Linux, and a server of its own');
  const units = await measureUnits({ ...server, pid });
  const loads = PEOPLE.map((people) => simulate(units, people));
  const each = (what: string, show: (load: Load) => string): string[] => [what, ...loads.map(show)];
  const unit = (what: string, { cpuS, bytes }: Unit): string[] => [
    `one ${what}: CPU ms, bytes`,
    few(cpuS * 1000),
    whole(bytes),
    '',
  ];
  return {
    name: 'simulate',
    title: `From one of each, ${os.cpus().length} processors, Postgres ${server.version}`,
    columns: ['people', ...PEOPLE.map(whole)],
    rows: [
      each('calls of models a day', ({ callsADay }) => whole(callsADay)),
      each('trace events a day', ({ eventsADay }) => whole(eventsADay)),
      each('GB a year', ({ gigabytesAYear }) => few(gigabytesAYear)),
      each('processors in the busiest hour', ({ processors }) => few(processors)),
      each('connections', ({ connections }) => whole(connections)),
      each('GB of memory for them', ({ connectionsGb }) => few(connectionsGb)),
      each('hints a second', ({ hintsPerSecond }) => few(hintsPerSecond)),
      each('of what one server takes', ({ hintsShare }) => `${few(hintsShare * 100)} %`),
      ['measured:', '', '', ''],
      unit('call of a model', units.call),
      unit('trace event', units.event),
      unit('question and answer', units.question),
      unit('page of panels', units.page),
      ['one idle connection: MB', few(units.connectionMb), '', ''],
      ['commits with a hint per second', whole(units.hintsPerSecond), '', ''],
    ],
    tables: [],
    ratios: [
      {
        what: 'busiest hour of 1,000 people ÷ these processors',
        value: loads[1]!.processors / os.cpus().length,
      },
      { what: 'hints of 100,000 people ÷ what one server takes', value: loads[2]!.hintsShare },
    ],
    rounds: 1,
    figures: { units, day: DAY, loads },
  };
}
