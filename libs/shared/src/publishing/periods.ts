import {
  addDays,
  addMonths,
  isoWeekOf,
  mondayOf,
  type LocalDate,
} from '../time/periods/local-date';

/** How finely a team publishes, from a month on. */
export interface Granularity {
  readonly from_month: LocalDate;
  readonly period: 'day' | 'week' | 'month';
  readonly per: 'project' | 'issue';
  readonly zone: string;
}

/** Whole days, the last one exclusive. */
export interface PublishedPeriod extends Granularity {
  readonly firstDay: LocalDate;
  readonly endDay: LocalDate;
}

/** What a team that has said nothing publishes; as priv.granularity_of has it. */
export const COARSEST: Granularity = {
  from_month: '1970-01-01',
  period: 'month',
  per: 'project',
  zone: 'UTC',
};

/** In force on a day. `granularities` in the order of their months. */
export function granularityOn(granularities: readonly Granularity[], date: LocalDate): Granularity {
  return granularities.findLast(({ from_month }) => from_month <= date) ?? COARSEST;
}

/** The period that a day lies in. A week is cut where a month ends, so that months are whole periods. */
export function publishedPeriodOf(
  granularities: readonly Granularity[],
  date: LocalDate,
): PublishedPeriod {
  const granularity = granularityOn(granularities, date);
  const [month, next] = [addMonths(date, 0), addMonths(date, 1)];
  if (granularity.period === 'day') {
    return { ...granularity, firstDay: date, endDay: addDays(date, 1) };
  }
  if (granularity.period === 'month') return { ...granularity, firstDay: month, endDay: next };
  const monday = mondayOf(date);
  const end = addDays(monday, 7);
  return {
    ...granularity,
    firstDay: monday > month ? monday : month,
    endDay: end < next ? end : next,
  };
}

/** All periods from the one that `from` lies in to the one that `to` lies in. */
export function publishedPeriods(
  granularities: readonly Granularity[],
  from: LocalDate,
  to: LocalDate,
): PublishedPeriod[] {
  const periods: PublishedPeriod[] = [];
  for (let date = from; date <= to; date = periods.at(-1)!.endDay) {
    periods.push(publishedPeriodOf(granularities, date));
  }
  return periods;
}

/** `2026-11`, `2026-W47`, `2026-11-21`; a cut week with its days. */
export function nameOfPeriod({ period, firstDay, endDay }: PublishedPeriod): string {
  if (period === 'month') return firstDay.slice(0, 7);
  if (period === 'day') return firstDay;
  const whole = addDays(firstDay, 7) === endDay;
  return whole ? isoWeekOf(firstDay) : `${firstDay}..${addDays(endDay, -1)}`;
}
