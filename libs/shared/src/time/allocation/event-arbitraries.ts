/** Random events for the property tests of this folder, dense in time; part of no program. */
import fc from 'fast-check';
import { compareEvents, type TimeEvent } from '../events/time-event';

export interface EventShape {
  /** Whole steps from 0 that events may be at. */
  readonly steps: number;
  readonly stepMs: number;
  /** Before the first step. */
  readonly origin: number;
}

const machines = fc.constantFrom('a', 'b');
const streams = fc.constantFrom('red', 'blue', null);
const issues = fc.constantFrom('local:1', 'local:2');

/** Events in their order. */
export function eventLists(shape: EventShape, maxLength = 40): fc.Arbitrary<TimeEvent[]> {
  const base = { at: fc.nat(shape.steps - 1), machine: machines, stream: streams };
  const one = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ ...base, effect: fc.constantFrom('focus', 'prolong', 'tab') }),
    },
    { weight: 1, arbitrary: fc.record({ ...base, effect: fc.constant('leave') }) },
    {
      weight: 3,
      arbitrary: fc.record({
        ...base,
        effect: fc.constant('window'),
        application: fc.constantFrom('terminal', 'browser', 'other'),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        ...base,
        effect: fc.constantFrom('message', 'work', 'work', 'work'),
        session: fc.constantFrom('s', 't'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        ...base,
        effect: fc.constant('timer'),
        action: fc.constantFrom('start', 'pause', 'resume', 'stop'),
        issue: issues,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        ...base,
        effect: fc.constant('log'),
        issue: issues,
        until: fc.integer({ min: 1, max: Math.ceil(shape.steps / 3) }),
        recordedAt: fc.nat(shape.steps),
      }),
    },
  );
  return fc.array(one, { maxLength }).map((events) =>
    events
      .map((event, i) => {
        const at = shape.origin + event.at * shape.stepMs;
        const placed = { ...event, id: `${event.machine}:${i}`, at };
        return 'until' in event ? { ...placed, until: at + event.until * shape.stepMs } : placed;
      })
      .map((event) => event as TimeEvent)
      .sort(compareEvents),
  );
}
