import { DAY_MS, dayOf } from '@coffee-roadmap/shared/time/allocation/days';
import { compareEvents, type TimeEvent } from '@coffee-roadmap/shared/time/events/time-event';

const HOUR = 3_600_000;
const MACHINES = ['laptop', 'devbox', 'gpu-server'];
const STREAMS = ['shop', 'api', 'docs', null];
/** 2026-01-01. */
const FIRST_DAY = 20_454;

/**
 * A year of one person who works ten hours a day at three machines with six agents beside them: so
 * many events in their order, always the same. A fifth are panes, messages, windows, tabs, scrolls,
 * absences and timers; the rest are tools that agents use.
 */
export function generateEvents(count: number): TimeEvent[] {
  const random = randomNumbers(1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const perDay = Math.ceil(count / 365);
  const times = Float64Array.from({ length: count }, (_, i) => {
    const day = FIRST_DAY + Math.floor(i / perDay);
    return day * DAY_MS + Math.floor((8 + 10 * random()) * HOUR);
  }).sort();
  // Made in their order, as a reader of records makes them: neighbours lie together in memory.
  const events = Array.from(times, (at, i): TimeEvent => {
    const person = { id: `laptop:${i}`, at, machine: 'laptop', stream: pick(STREAMS) };
    const number = Math.floor(random() * 6);
    const machine = MACHINES[number % 3]!;
    const agent = {
      id: `${machine}:${i}`,
      at,
      machine,
      stream: STREAMS[number % 4]!,
      session: `${dayOf(at)}-${number}`,
    };
    const kind = random();
    if (kind < 0.1) return { ...person, effect: 'focus' };
    if (kind < 0.14) return { ...agent, effect: 'message' };
    if (kind < 0.16) return { ...person, effect: 'prolong' };
    if (kind < 0.18) {
      const application = pick(['terminal', 'browser', 'other'] as const);
      return { ...person, effect: 'window', application };
    }
    if (kind < 0.19) return { ...person, effect: 'tab' };
    if (kind < 0.199) return { ...person, effect: 'leave' };
    if (kind < 0.2) {
      const action = pick(['start', 'pause', 'resume', 'stop'] as const);
      return { ...person, effect: 'timer', action, issue: `local:${Math.floor(random() * 20)}` };
    }
    return { ...agent, effect: 'work' };
  });
  return events.sort(compareEvents);
}

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
