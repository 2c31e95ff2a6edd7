import fc from 'fast-check';
import { totalLength } from '../intervals/measure';
import { addDays, isoWeekOf, mondayOfIsoWeek, parseDate } from './local-date';
import { customPeriod, daysOfPeriod, parsePeriod, periodOf, previousPeriod } from './period';
import { splitByDay } from './split-by-day';
import { Zone } from './zone';

const iso = (at: number) => new Date(at).toISOString();
const hours = ({ from, to }: { from: number; to: number }) => (to - from) / 3_600_000;
const ZONES = Intl.supportedValuesOf('timeZone');

describe('days', () => {
  it.each([
    ['UTC', '2026-03-29', '2026-03-29T00:00:00.000Z', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['Asia/Kolkata', '2026-03-29', '2026-03-28T18:30:00.000Z', 24],
    ['Asia/Kathmandu', '2026-03-29', '2026-03-28T18:15:00.000Z', 24],
    ['Pacific/Chatham', '2026-04-05', '2026-04-04T10:15:00.000Z', 25],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5],
  ])('begin and end with the clocks of %s on %s', (zone, date, start, length) => {
    const day = periodOf('day', date, Zone.of(zone));
    expect(iso(day.from)).toBe(start);
    expect(hours(day)).toBe(length);
  });

  it('begin at one o’clock where there is no midnight', () => {
    const day = periodOf('day', '2018-11-04', Zone.of('America/Sao_Paulo'));
    expect([iso(day.from), hours(day)]).toEqual(['2018-11-04T03:00:00.000Z', 23]);
  });

  it('begin at the earlier of two midnights', () => {
    const day = periodOf('day', '2026-11-01', Zone.of('America/Havana'));
    expect([iso(day.from), hours(day)]).toEqual(['2026-11-01T04:00:00.000Z', 25]);
  });

  it('do not end again where clocks go back over midnight', () => {
    const zone = Zone.of('America/St_Johns');
    const day = periodOf('day', '2006-10-29', zone);
    expect(iso(day.from)).toBe('2006-10-29T02:30:00.000Z');
    expect(zone.dateAt(day.from - 1)).toBe('2006-10-28');
    expect(zone.dateAt(day.from + 30 * 60_000)).toBe('2006-10-29');
  });

  it('have no length where a zone left one out', () => {
    const zone = Zone.of('Pacific/Apia');
    expect(hours(periodOf('day', '2011-12-30', zone))).toBe(0);
    expect(zone.dateAt(Date.parse('2011-12-30T09:59:59Z'))).toBe('2011-12-29');
    expect(zone.dateAt(Date.parse('2011-12-30T10:00:00Z'))).toBe('2011-12-31');
  });

  it('follow each other without gap or overlap, in every zone there is', () => {
    const dates = fc.integer({ min: 0, max: 366 * 60 }).map((days) => addDays('1990-01-01', days));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), dates, fc.nat(86_399_999), (name, date, within) => {
        const zone = Zone.of(name);
        const day = periodOf('day', date, zone);
        expect(day.to).toBeGreaterThanOrEqual(day.from);
        if (day.from < day.to) {
          expect(zone.dateAt(day.from)).toBe(date);
          expect(zone.dateAt(day.to - 1)).toBe(date);
          expect(zone.dateAt(Math.min(day.from + within, day.to - 1))).toBe(date);
          expect(zone.dateAt(day.from - 1) < date).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are refused where they are none', () => {
    for (const text of ['2026-02-29', '2026-13-01', '26-01-01', 'today', '2026-1-1']) {
      expect(() => parseDate(text)).toThrow('is no day');
    }
  });

  it('know no zone that is none', () => {
    for (const name of ['Mars/Olympus', '', '../etc/passwd']) {
      expect(() => Zone.of(name)).toThrow('there is no time zone');
    }
  });
});

describe('weeks', () => {
  it.each([
    ['2024-12-30', '2025-W01'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2021-01-01', '2020-W53'],
    ['2026-11-21', '2026-W47'],
  ])('%s lies in %s', (date, week) => {
    expect(isoWeekOf(date)).toBe(week);
    const period = parsePeriod(week, Zone.of('UTC'));
    expect(period.firstDay <= date && date < period.endDay).toBe(true);
    expect(mondayOfIsoWeek(week)).toBe(period.firstDay);
  });

  it('begin on Monday and are an hour short or long where clocks change', () => {
    const zone = Zone.of('Europe/Berlin');
    expect(periodOf('week', '2026-03-29', zone)).toMatchObject({
      key: '2026-W13',
      firstDay: '2026-03-23',
      endDay: '2026-03-30',
    });
    expect(hours(periodOf('week', '2026-03-29', zone))).toBe(167);
    expect(hours(periodOf('week', '2026-10-25', zone))).toBe(169);
  });

  it('are refused where a year does not have them', () => {
    for (const week of ['2025-W53', '2026-W00', '2026-W54', '2026-W1']) {
      expect(() => parsePeriod(week, Zone.of('UTC'))).toThrow('is no week');
    }
  });
});

describe('periods', () => {
  const zone = Zone.of('Europe/Berlin');

  it('are months, with as many days as they have', () => {
    expect(daysOfPeriod(parsePeriod('2028-02', zone))).toHaveLength(29);
    expect(parsePeriod('2026-12', zone)).toMatchObject({ type: 'month', endDay: '2027-01-01' });
  });

  it.each([
    ['2026-03-01', '2026-02-28'],
    ['2027-W01', '2026-W53'],
    ['2026-01', '2025-12'],
  ])('before %s comes %s', (key, before) => {
    const period = parsePeriod(key, zone);
    expect(previousPeriod(period).key).toBe(before);
    expect(previousPeriod(period).to).toBe(period.from);
  });

  it('are any days, the last one left out', () => {
    const period = customPeriod('2026-11-01', '2026-11-16', zone);
    expect(period.key).toBe('2026-11-01..2026-11-15');
    expect(previousPeriod(period).key).toBe('2026-10-17..2026-10-31');
    expect(() => customPeriod('2026-11-01', '2026-11-01', zone)).toThrow('no day from');
  });
});

it('splits spans at local midnights and loses nothing', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 1, max: 400_000 }))
    .map(([from, length]) => ({ from: from * 1000, to: (from + length) * 1000 }));
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.array(span, { maxLength: 5 }), (name, spans) => {
      const zone = Zone.of(name);
      const parts = splitByDay(spans, zone);
      expect(totalLength(parts.map(({ part }) => part))).toBe(totalLength(spans));
      for (const { date, part } of parts) {
        expect(part.from).toBeGreaterThanOrEqual(zone.startOfDay(date));
        expect(part.to).toBeLessThanOrEqual(zone.startOfDay(addDays(date, 1)));
      }
    }),
  );
});
