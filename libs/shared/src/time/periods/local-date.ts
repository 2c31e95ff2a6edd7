import { AppError } from '../../errors';

/** A calendar day, `2026-11-21`: text compares in the order of days. */
export type LocalDate = string;

const DAY_MS = 86_400_000;
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day that a text names. Throws invalid_input for one that is none, such as 2026-02-30. */
export function parseDate(text: string): LocalDate {
  if (SHAPE.test(text) && dateOf(utcOf(text)) === text) return text;
  throw new AppError('invalid_input', `"${text}" is no day`, { hint: 'Days are like 2026-11-21.' });
}

/** Midnight UTC of the day, in milliseconds since the epoch: for calculating with days alone. */
export function utcOf(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

/** The day of a midnight UTC. */
export function dateOf(utc: number): LocalDate {
  return Number.isNaN(utc) ? '' : new Date(utc).toISOString().slice(0, 10);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOf(utcOf(date) + days * DAY_MS);
}

/** The first day of the month that is so many months away. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const day = new Date(utcOf(date));
  return dateOf(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1));
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(utcOf(date)).getUTCDay() || 7;
}

export function mondayOf(date: LocalDate): LocalDate {
  return addDays(date, 1 - weekdayOf(date));
}

/** ISO 8601, `2026-W53`: the year is the one that the week's Thursday lies in. */
export function isoWeekOf(date: LocalDate): string {
  const thursday = addDays(date, 4 - weekdayOf(date));
  const year = thursday.slice(0, 4);
  const week = Math.floor((utcOf(thursday) - utcOf(`${year}-01-01`)) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The Monday of an ISO week. Throws invalid_input for a week that its year does not have. */
export function mondayOfIsoWeek(week: string): LocalDate {
  const match = /^(\d{4})-W(\d{2})$/.exec(week);
  const monday = match && addDays(mondayOf(`${match[1]}-01-04`), 7 * (Number(match[2]) - 1));
  if (monday !== null && isoWeekOf(monday) === week) return monday;
  throw new AppError('invalid_input', `"${week}" is no week`, { hint: 'Weeks are like 2026-W47.' });
}
