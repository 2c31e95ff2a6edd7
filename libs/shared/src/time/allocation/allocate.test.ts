import fc from 'fast-check';
import type { TimeEvent } from '../events/time-event';
import { coalesce } from '../intervals/cut';
import type { Interval } from '../intervals/interval';
import { totalLength, union, unionLength } from '../intervals/measure';
import { allocate, type Allocation } from './allocate';
import { eventLists } from './event-arbitraries';
import { lookAt, type Moment } from './oracle';
import type { AllocationRules } from './rules';

const SECOND = 1000;
const SECONDS = 100;
/** As the product's, and as much closer together as the test's events are. */
const RULES: AllocationRules = {
  attentionWindow: 6 * SECOND,
  agentGap: 20 * SECOND,
  timerLimit: 40 * SECOND,
  forgetAfter: 12 * SECOND,
};
const lists = eventLists({ steps: SECONDS, stepMs: SECOND, origin: 0 });

const timeline = Array.from({ length: SECONDS }, (_, second) => second * SECOND);

function momentOf({ direct, delegated }: Allocation, at: number): Moment {
  const covers = ({ from, to }: Interval) => from <= at && at < to;
  const own = direct
    .filter(covers)
    .map(({ by, issue, stream, machine }) => `${by} ${issue} ${stream} ${machine}`);
  return {
    direct: own.length === 0 ? null : own.join(' and '),
    delegated: delegated
      .filter(covers)
      .map(({ session, stream, machine }) => `agent ${session} ${stream} ${machine}`)
      .sort(),
  };
}

it('gives every second to whom a look at that second alone gives it', () => {
  fc.assert(
    fc.property(lists, (events) => {
      const allocation = allocate(events, SECONDS * SECOND, RULES);
      expect(timeline.map((at) => momentOf(allocation, at))).toEqual(
        timeline.map((at) => lookAt(events, at, RULES)),
      );
    }),
    { numRuns: 250 },
  );
});

it('keeps direct time sorted and apart, and delegated time of one session apart', () => {
  fc.assert(
    fc.property(lists, (events) => {
      const { direct, delegated } = allocate(events, SECONDS * SECOND, RULES);
      const sessions = new Set(delegated.map(({ session }) => session));
      for (const list of [
        direct,
        ...[...sessions].map((s) => delegated.filter((i) => i.session === s)),
      ]) {
        expect(unionLength(list)).toBe(totalLength(list));
        expect(list.every(({ from, to }, i) => from < to && (list[i - 1]?.to ?? 0) <= from)).toBe(
          true,
        );
      }
    }),
  );
});

it('gives the same whatever was delivered twice, and drops nothing that is not assigned', () => {
  fc.assert(
    fc.property(lists, (events) => {
      const twice = events.flatMap((event): TimeEvent[] => [event, event]);
      const once = allocate(events, SECONDS * SECOND, RULES);
      expect(allocate(twice, SECONDS * SECOND, RULES)).toEqual(once);
      const unassigned = events.map((event) => ({ ...event, stream: null }));
      const lengths = ({ direct, delegated }: Allocation) => [union(direct), union(delegated)];
      const scrolls = events.some(({ effect }) => effect === 'prolong');
      if (!scrolls) {
        expect(lengths(allocate(unassigned, SECONDS * SECOND, RULES))).toEqual(lengths(once));
      }
    }),
  );
});

it('credits nothing after the present, and nothing else before it', () => {
  fc.assert(
    fc.property(lists, fc.nat(SECONDS), (events, second) => {
      const now = second * SECOND;
      const cut = (list: readonly Interval[]) =>
        coalesce(
          list.filter(({ from }) => from < now).map((i) => ({ ...i, to: Math.min(i.to, now) })),
        );
      const present = allocate(events, now, RULES);
      expect(coalesce(present.direct)).toEqual(
        cut(allocate(events, SECONDS * SECOND, RULES).direct),
      );
      expect(present.delegated.every(({ to }) => to < now)).toBe(true);
    }),
  );
});
