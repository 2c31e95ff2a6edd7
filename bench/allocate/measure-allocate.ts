import { allocate } from '@coffee-roadmap/shared/time/allocation/allocate';
import { DAY_MS, dayOf, eventsByDay } from '@coffee-roadmap/shared/time/allocation/days';
import { reallocate, type AllocatedDay } from '@coffee-roadmap/shared/time/allocation/reallocate';
import type { TimeEvent } from '@coffee-roadmap/shared/time/events/time-event';
import { median, medianRatio } from '../figures/statistics';
import { atMost, millis, whole, type Report } from '../report/report';
import { generateEvents } from './generate-events';

const EVENTS = 1_000_000;
/** The year that the generator makes. */
const DAYS = 365;

/** Allocation of a year beside one pass that only looks at each event, and one changed day of it. */
export async function measureAllocate(rounds: number): Promise<Report> {
  const events = generateEvents(EVENTS);
  const lines = events.map((event) => JSON.stringify(event));
  const byDay = eventsByDay(events);
  const end = (dayOf(events.at(-1)!.at) + 1) * DAY_MS;
  const eventsOf = (day: number): readonly TimeEvent[] => byDay.get(day) ?? [];
  const recompute = (kept: ReadonlyMap<number, AllocatedDay>, changed: readonly number[]) =>
    reallocate({ kept, changed, occupied: byDay.keys(), eventsOf });
  const kept = (await recompute(new Map(), [])).days;
  const days = [...byDay.keys()];

  const work = {
    'one pass over them': () => pass(events),
    'reading them from lines': () => lines.forEach((line) => JSON.parse(line)),
    'allocation from nothing': () => allocate(events, end),
    'allocation day by day': () => recompute(new Map(), []),
  };
  const times = new Map(Object.keys(work).map((name) => [name, [] as number[]]));
  const changedDay: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(work)) {
      const took = await timeOf(run);
      if (round >= 0) times.get(name)!.push(took); // the first warms caches
    }
    const day = days[(7 + 31 * (round + 1)) % days.length]!;
    const took = await timeOf(() => recompute(kept, [day]));
    if (round >= 0) changedDay.push(took);
  }
  return report(rounds, times, changedDay);
}

/** The least that anything which looks at every event has to do. */
function pass(events: readonly TimeEvent[]): number {
  let latest = 0;
  for (const event of events) {
    if (event.effect !== 'leave' && event.stream !== null && event.at > latest) latest = event.at;
  }
  return latest;
}

/** CPU milliseconds: with nothing to wait for, what other programs take is no part of it. */
async function timeOf(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function report(rounds: number, times: Map<string, number[]>, changedDay: number[]): Report {
  const ours = times.get('allocation from nothing')!;
  const plain = times.get('one pass over them')!;
  const reading = times.get('reading them from lines')!;
  const byDay = times.get('allocation day by day')!;
  const rows = [...times, ['one changed day', changedDay] as const];
  return {
    name: 'allocate',
    title: `Working time from ${whole(EVENTS)} events of one year`,
    columns: ['', 'CPU ms'],
    rows: rows.map(([name, list]) => [name, millis(median(list))]),
    ratios: [
      { what: 'from nothing ÷ one pass', value: medianRatio(ours, plain) },
      atMost('from nothing ÷ reading the lines', medianRatio(ours, reading), 1),
      { what: 'day by day ÷ from nothing', value: medianRatio(byDay, ours) },
      atMost('one changed day ÷ a day’s share', DAYS * medianRatio(changedDay, ours), 2),
    ],
    rounds,
    figures: Object.fromEntries(rows),
  };
}
