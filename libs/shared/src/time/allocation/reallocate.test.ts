import fc from 'fast-check';
import { compareEvents, type TimeEvent } from '../events/time-event';
import { coalesce } from '../intervals/cut';
import { allocate } from './allocate';
import { DAY_MS, dayOf, daysOf, eventsByDay } from './days';
import { eventLists } from './event-arbitraries';
import { reallocate, type AllocatedDay } from './reallocate';
import { DEFAULT_RULES, type AllocationRules } from './rules';

const HOUR = 3_600_000;
const FIRST = 20_000;
const DAYS = 8;
/** Much reaches over midnight, and much ends exactly there. */
const RULES: AllocationRules = {
  attentionWindow: 6 * HOUR,
  agentGap: 8 * HOUR,
  timerLimit: 28 * HOUR,
  forgetAfter: 12 * HOUR,
};
const lists = eventLists({ steps: DAYS * 6, stepMs: 4 * HOUR, origin: FIRST * DAY_MS }, 30);

const run = (
  events: readonly TimeEvent[],
  kept: ReadonlyMap<number, AllocatedDay> = new Map(),
  changed: readonly number[] = [],
  rules = RULES,
) => {
  const byDay = eventsByDay(events);
  const eventsOf = (day: number) => byDay.get(day) ?? [];
  return reallocate({ kept, changed, occupied: byDay.keys(), eventsOf, rules });
};
const all = (days: ReadonlyMap<number, AllocatedDay>, side: 'direct' | 'delegated') =>
  coalesce([...days.values()].flatMap((day) => day[side]));

/** As it comes back from where it is kept. */
const stored = (days: ReadonlyMap<number, AllocatedDay>): Map<number, AllocatedDay> =>
  new Map(JSON.parse(JSON.stringify([...days])));

it('gives by days what it gives in one', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (events) => {
      const { days } = await run(events);
      const end = (FIRST + 3 * DAYS) * DAY_MS;
      const whole = allocate(events, end, RULES);
      expect(all(days, 'direct')).toEqual(coalesce(whole.direct));
      expect(all(days, 'delegated')).toEqual(coalesce(whole.delegated));
      const cut = [...days].sort(([a], [b]) => a - b).flatMap(([, day]) => day.cutTimers);
      expect(cut).toEqual(whole.cutTimers);
    }),
    { numRuns: 200 },
  );
});

it('gives after any change what it gives from nothing', async () => {
  await fc.assert(
    fc.asyncProperty(lists, lists, fc.array(fc.boolean()), async (first, others, keep) => {
      const kept = stored((await run(first)).days);
      const removed = first.filter((_, i) => keep[i] === false);
      const added = others.slice(0, 4).map((event) => ({ ...event, id: `${event.id}+` }));
      const later = [...first.filter((_, i) => keep[i] !== false), ...added].sort(compareEvents);
      const changed = [...removed, ...added].flatMap(daysOf);
      const anew = (await run(later)).days;
      const mended = await run(later, kept, changed);
      expect(new Map([...mended.days].sort(([a], [b]) => a - b))).toEqual(
        new Map([...anew].sort(([a], [b]) => a - b)),
      );
      const untouched = [...mended.days.keys()].filter((day) => !mended.recomputed.includes(day));
      for (const day of untouched) expect(mended.days.get(day)).toBe(kept.get(day));
    }),
    { numRuns: 200 },
  );
});

it('recomputes one day of a year where one day changed, and the next where work went on overnight', async () => {
  const work = (day: number, hour: number): TimeEvent => ({
    id: `m:${day}:${hour}`,
    at: (FIRST + day) * DAY_MS + hour * HOUR,
    machine: 'm',
    stream: 'red',
    effect: 'focus',
  });
  const year = Array.from({ length: 365 }, (_, day) => [work(day, 9), work(day, 17)]).flat();
  const { days } = await run(year, new Map(), [], DEFAULT_RULES);
  const changed = [...year, work(100, 10)].sort(compareEvents);
  const mended = await run(changed, days, [FIRST + 100], DEFAULT_RULES);
  expect(mended.recomputed).toEqual([FIRST + 100]);
  const late: TimeEvent = { ...work(100, 23), at: (FIRST + 101) * DAY_MS - 60_000 };
  const overnight = await run(
    [...year, late].sort(compareEvents),
    days,
    [dayOf(late.at)],
    DEFAULT_RULES,
  );
  expect(overnight.recomputed).toEqual([FIRST + 100, FIRST + 101]);
  expect((await run(year, days, [], DEFAULT_RULES)).recomputed).toEqual([]);
});
