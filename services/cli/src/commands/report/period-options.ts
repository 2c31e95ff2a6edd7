import { AppError } from '@coffee-roadmap/shared/errors';
import { addDays, parseDate, type LocalDate } from '@coffee-roadmap/shared/time/periods/local-date';
import {
  customPeriod,
  parsePeriod,
  periodOf,
  previousPeriod,
  type Period,
} from '@coffee-roadmap/shared/time/periods/period';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import type { Command } from 'commander';

export interface PeriodOptions {
  day?: string | true;
  week?: string | true;
  lastWeek?: boolean;
  month?: string | true;
  start?: string;
  end?: string;
  timezone?: string;
}

export function addPeriodOptions(command: Command): Command {
  return command
    .option('--week [week]', 'this week, or one such as 2026-W47; the default')
    .option('--last-week', 'the week before this one')
    .option('--day [day]', 'today, or a day such as 2026-11-21')
    .option('--month [month]', 'this month, or one such as 2026-11')
    .option('--start <day>', 'from this day on')
    .option('--end <day>', 'to before this day; tomorrow if not said')
    .option('--timezone <zone>', 'whose days; this machine’s zone if not said');
}

/** The zone that is meant, this machine's if none is, and the day that it is there. */
export function hereAndNow(timezone?: string, now = new Date()): { zone: Zone; today: LocalDate } {
  const zone = Zone.of(timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  return { zone, today: zone.dateAt(now.getTime()) };
}

/** The period that the options name. Throws `invalid_input` for several, and for what is none. */
export function periodFrom(options: PeriodOptions, now = new Date()): Period {
  const { zone, today } = hereAndNow(options.timezone, now);
  const { day, week, lastWeek, month, start, end } = options;
  const named = [day, week, lastWeek, month, start ?? end].filter((one) => one !== undefined);
  if (named.length > 1) {
    throw new AppError('invalid_input', 'that names several periods', {
      hint: 'Use one of --week, --last-week, --day, --month, or --start with --end.',
    });
  }
  if (start !== undefined)
    return customPeriod(
      parseDate(start),
      end === undefined ? addDays(today, 1) : parseDate(end),
      zone,
    );
  if (end !== undefined) throw new AppError('invalid_input', '--end needs a --start');
  if (lastWeek === true) return previousPeriod(periodOf('week', today, zone));
  const [type, text] =
    day !== undefined
      ? (['day', day] as const)
      : month !== undefined
        ? (['month', month] as const)
        : (['week', week ?? true] as const);
  if (text === true) return periodOf(type, today, zone);
  const period = parsePeriod(text, zone);
  if (period.type === type) return period;
  return periodOf(type, period.firstDay, zone);
}
