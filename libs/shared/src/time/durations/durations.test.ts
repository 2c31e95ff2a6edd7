import fc from 'fast-check';
import { unionLength } from '../intervals/measure';
import { parseDuration } from './parse-duration';
import { placeLog } from './place-log';
import { roundTime, type Rounding } from './round-time';

const MINUTE = 60_000;

it.each([
  ['1h30m', 90],
  ['90m', 90],
  ['1.5h', 90],
  ['1h 30m', 90],
  ['1:30', 90],
  ['0:05', 5],
  ['45M', 45],
  ['30s', 0.5],
  ['24h', 1440],
  ['0.01h', 0.6],
])('%s are %d minutes', (text, minutes) => {
  expect(parseDuration(text)).toBe(minutes * MINUTE);
});

it.each(['', '90', '0m', '-1h', '1h30', '30m1h', '1d', 'h', '1:60', '1,5h', '1h1h', 'NaNh'])(
  '"%s" is no duration',
  (text) => {
    expect(() => parseDuration(text)).toThrow('is no duration');
  },
);

it('takes no more than it is told', () => {
  expect(() => parseDuration('24h1s')).toThrow('more than 24 hours');
  expect(parseDuration('30h', 48 * 60 * MINUTE)).toBe(30 * 60 * MINUTE);
});

describe('a log without a beginning', () => {
  it('ends now, or before what was logged for that time', () => {
    expect(placeLog(30, 100, [])).toEqual({ from: 70, to: 100 });
    expect(placeLog(30, 100, [{ from: 60, to: 100 }])).toEqual({ from: 30, to: 60 });
    const logs = [
      { from: 60, to: 100 },
      { from: 0, to: 40 },
    ];
    expect(placeLog(20, 100, logs)).toEqual({ from: 40, to: 60 });
    expect(placeLog(21, 100, logs)).toEqual({ from: -21, to: 0 });
  });

  it('covers no other, and keeps its length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 })), fc.nat(500), (lengths, endsAt) => {
        const logs: { from: number; to: number }[] = [];
        for (const length of lengths) logs.push(placeLog(length, endsAt, logs));
        expect(unionLength(logs)).toBe(lengths.reduce((sum, length) => sum + length, 0));
      }),
    );
  });
});

describe('rounding', () => {
  const entries = [
    { date: '2026-11-02', ms: 61 * MINUTE },
    { date: '2026-11-02', ms: 1 },
    { date: '2026-11-03', ms: 15 * MINUTE },
    { date: '2026-12-01', ms: 0 },
  ];
  const billed = (rounding: Rounding) =>
    roundTime(entries, rounding).map(({ billedMs }) => billedMs / MINUTE);

  it('goes up for each entry, day or month, or not at all', () => {
    expect(billed({ per: 'entry', minutes: 15 })).toEqual([75, 15, 15, 0]);
    expect(billed({ per: 'day', minutes: 15 })).toEqual([75, 15, 0]);
    expect(billed({ per: 'month', minutes: 60 })).toEqual([120, 0]);
    expect(billed({ per: 'none' })).toEqual(entries.map(({ ms }) => ms / MINUTE));
  });

  it('keeps what was measured, and adds less than a step to a group', () => {
    const lists = fc.array(
      fc.record({
        date: fc.constantFrom('2026-11-02', '2026-11-03', '2026-12-01'),
        ms: fc.nat(86_400_000),
      }),
    );
    const per = fc.constantFrom('entry' as const, 'day' as const, 'month' as const);
    fc.assert(
      fc.property(lists, per, fc.integer({ min: 1, max: 60 }), (list, kind, minutes) => {
        const groups = roundTime(list, { per: kind, minutes });
        expect(groups.flatMap((group) => group.entries)).toHaveLength(list.length);
        for (const { entries, rawMs, billedMs } of groups) {
          expect(rawMs).toBe(entries.reduce((sum, { ms }) => sum + ms, 0));
          expect(billedMs % (minutes * MINUTE)).toBe(0);
          expect(billedMs - rawMs).toBeGreaterThanOrEqual(0);
          expect(billedMs - rawMs).toBeLessThan(minutes * MINUTE);
        }
      }),
    );
  });
});
