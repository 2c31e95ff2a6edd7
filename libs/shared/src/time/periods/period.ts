import { AppError } from '../../errors';
import type { Span } from '../intervals/interval';
import {
  addDays,
  addMonths,
  isoWeekOf,
  mondayOf,
  mondayOfIsoWeek,
  parseDate,
  type LocalDate,
} from './local-date';
import type { Zone } from './zone';

export type PeriodType = 'day' | 'week' | 'month' | 'custom';

/** Whole days of a zone, half-open both as days and as instants. */
export interface Period extends Span {
  readonly type: PeriodType;
  /** `2026-11-21`, `2026-W47`, `2026-11`, `2026-11-01..2026-11-15` (the last day included). */
  readonly key: string;
  readonly zone: Zone;
  readonly firstDay: LocalDate;
  /** The first day after it. */
  readonly endDay: LocalDate;
}

/** The day, week or month that a day lies in. Weeks begin on Monday. */
export function periodOf(type: Exclude<PeriodType, 'custom'>, date: LocalDate, zone: Zone): Period {
  if (type === 'day') return between(type, date, date, addDays(date, 1), zone);
  if (type === 'week') {
    const monday = mondayOf(date);
    return between(type, isoWeekOf(monday), monday, addDays(monday, 7), zone);
  }
  return between(type, date.slice(0, 7), addMonths(date, 0), addMonths(date, 1), zone);
}

/** From one day to before another. Throws invalid_input where nothing lies between. */
export function customPeriod(firstDay: LocalDate, endDay: LocalDate, zone: Zone): Period {
  if (firstDay >= endDay) {
    throw new AppError('invalid_input', `no day from ${firstDay} to before ${endDay}`, {
      hint: 'The end is the first day that is not part of it.',
    });
  }
  const key = `${firstDay}..${addDays(endDay, -1)}`;
  return between('custom', key, firstDay, endDay, zone);
}

/** The period of a key: `2026-11-21`, `2026-W47` or `2026-11`. Throws invalid_input for others. */
export function parsePeriod(key: string, zone: Zone): Period {
  if (/^\d{4}-\d{2}$/.test(key)) return periodOf('month', parseDate(`${key}-01`), zone);
  if (key.includes('W')) return periodOf('week', mondayOfIsoWeek(key), zone);
  return periodOf('day', parseDate(key), zone);
}

/** The one before it: last week for this week; for custom ones as many days. */
export function previousPeriod(period: Period): Period {
  const { type, firstDay, endDay, zone } = period;
  if (type !== 'custom') return periodOf(type, addDays(firstDay, -1), zone);
  const days = daysOfPeriod(period).length;
  return customPeriod(addDays(endDay, -2 * days), firstDay, zone);
}

/** Each of its days as a period. */
export function daysOfPeriod({ firstDay, endDay, zone }: Period): Period[] {
  const days: Period[] = [];
  for (let date = firstDay; date < endDay; date = addDays(date, 1)) {
    days.push(periodOf('day', date, zone));
  }
  return days;
}

function between(
  type: PeriodType,
  key: string,
  firstDay: LocalDate,
  endDay: LocalDate,
  zone: Zone,
): Period {
  const [from, to] = [zone.startOfDay(firstDay), zone.startOfDay(endDay)];
  return { type, key, zone, firstDay, endDay, from, to };
}
