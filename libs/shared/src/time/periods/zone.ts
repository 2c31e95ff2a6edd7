import { AppError } from '../../errors';
import { addDays, dateOf, utcOf, type LocalDate } from './local-date';

const HOUR = 3_600_000;
/** No zone has ever been further from UTC than 16 hours. */
const FURTHEST = 16 * HOUR;
/** A year of days for some dozen reports; what a zone has forgotten it finds again. */
const MOST_DAYS = 5000;

/** An IANA time zone, with the runtime's own tables. All instants are milliseconds since the epoch. */
export class Zone {
  private readonly days = new Map<LocalDate, number>();

  private constructor(
    readonly name: string,
    private readonly format: Intl.DateTimeFormat,
  ) {}

  /** Throws invalid_input for a name that the runtime does not know. */
  static of(name: string): Zone {
    const known = zones.get(name);
    if (known !== undefined) return known;
    try {
      const zone = new Zone(name, formatOf(name));
      zones.set(name, zone);
      return zone;
    } catch (cause) {
      throw new AppError('invalid_input', `there is no time zone "${name}"`, {
        hint: 'Zones have IANA names, such as Europe/Berlin, Asia/Kolkata or UTC.',
        cause,
      });
    }
  }

  /** Local time minus UTC in milliseconds. */
  offsetAt(at: number): number {
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of this.format.formatToParts(at)) {
      if (type in part) part[type as keyof typeof part] = Number(value);
    }
    const { year, month, day, hour, minute, second } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  }

  /**
   * The first moment of a day: the earlier of two midnights; where there is no midnight, the moment
   * after the gap. A day that a zone left out has no length.
   */
  startOfDay(date: LocalDate): number {
    const known = this.days.get(date);
    if (known !== undefined) return known;
    const midnight = utcOf(date);
    const ends = [midnight - FURTHEST, midnight, midnight + FURTHEST] as const;
    const starts = ends
      .map((at) => midnight - this.offsetAt(at))
      .filter((at) => at + this.offsetAt(at) === midnight);
    const start = starts.length > 0 ? Math.min(...starts) : this.change(ends[0], ends[2]);
    if (this.days.size >= MOST_DAYS) this.days.clear();
    this.days.set(date, start);
    return start;
  }

  /** The day that an instant lies in: the one d with startOfDay(d) ≤ at < startOfDay(d + 1). */
  dateAt(at: number): LocalDate {
    let date = dateOf(Math.floor((at + this.offsetAt(at)) / 86_400_000) * 86_400_000);
    // Where clocks go back over midnight, the day that began does not end again.
    while (at >= this.startOfDay(addDays(date, 1))) date = addDays(date, 1);
    return date;
  }

  /** The first instant after `from` with the offset of `to`. */
  private change(from: number, to: number): number {
    const offset = this.offsetAt(to);
    let [before, after] = [from, to];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.offsetAt(middle) === offset) after = middle;
      else before = middle;
    }
    return after;
  }
}

/** Making a format is a thousand times as dear as using it; there are a few hundred zones in all. */
const zones = new Map<string, Zone>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
