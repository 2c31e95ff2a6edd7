import { placeLog } from '../../time/durations/place-log';
import type { Span } from '../../time/intervals/interval';
import { union } from '../../time/intervals/measure';
import { addDays } from '../../time/periods/local-date';
import type { Zone } from '../../time/periods/zone';
import { nameOf, type MovedTime } from './moved-times';
import type { DayTime, Session } from './told-time';

/** What becomes a log of working time. */
export interface PlannedTime extends Span {
  told: Session | DayTime;
  name: string;
}

export type Verdict =
  | { kind: 'new'; time: PlannedTime }
  /** It is here already; `repeated`: these files say it more than once. */
  | { kind: 'known'; repeated: boolean }
  | { kind: 'refused'; reason: 'changed' | 'summarised' | 'full' };

/** When a day's work begins that says nothing of it. */
const MORNING_MS = 9 * 3_600_000;
const MINUTE = 60_000;

/** Decides about one time after another what is new; each is known to those that come after it. */
export class Plan {
  private readonly known = new Map<string, MovedTime[]>();
  /** Of those, what these files say. */
  private readonly told = new Set<MovedTime>();
  readonly planned: PlannedTime[] = [];

  constructor(
    moved: readonly MovedTime[],
    private readonly zone: Zone,
  ) {
    for (const time of moved) this.know(time);
  }

  decide(told: Session | DayTime): Verdict {
    return told.kind === 'session' ? this.session(told) : this.day(told);
  }

  private session(told: Session): Verdict {
    const { task, from, to } = told;
    for (const other of this.known.get(task) ?? []) {
      if (other.day !== null) continue;
      if (other.from === from || sameMinute(other.from, from)) {
        if (other.to === to || sameMinute(other.to, to)) return this.again(other);
        if (other.from === from) return { kind: 'refused', reason: 'changed' };
      }
    }
    return this.take(told, { from, to }, null);
  }

  /** Sums of sessions that are there themselves are not work once more. */
  private day(told: DayTime): Verdict {
    const { task, day, seconds } = told;
    for (const other of this.known.get(task) ?? []) {
      if (other.day === day) {
        const same = Math.round((other.to - other.from) / 1000) === seconds;
        return same ? this.again(other) : { kind: 'refused', reason: 'changed' };
      }
      const summed = other.day === null && (told.ofTask || this.daysOf(other).includes(day));
      if (summed) return { kind: 'refused', reason: 'summarised' };
    }
    const span = this.place(told);
    if (span === undefined) return { kind: 'refused', reason: 'full' };
    return this.take(told, span, day);
  }

  private again(time: MovedTime): Verdict {
    const repeated = this.told.has(time);
    this.told.add(time);
    return { kind: 'known', repeated };
  }

  private know(time: MovedTime): void {
    const times = this.known.get(time.task) ?? [];
    times.push(time);
    this.known.set(time.task, times);
  }

  private daysOf({ from, to }: Span): string[] {
    return [from, to - 1].flatMap((at) => [
      this.zone.dateAt(at),
      new Date(at).toISOString().slice(0, 10),
    ]);
  }

  /** From the morning on, after what is there; else where the day has room. */
  private place({ day, seconds }: DayTime): Span | undefined {
    const [start, end] = [this.zone.startOfDay(day), this.zone.startOfDay(addDays(day, 1))];
    const length = seconds * 1000;
    const taken = union(
      [...this.known.values()].flat().filter((span) => span.from < end && span.to > start),
    );
    let from = start + MORNING_MS;
    for (const span of taken) if (span.from < from + length && span.to > from) from = span.to;
    if (from + length <= end) return { from, to: from + length };
    const before = placeLog(length, end, taken);
    return before.from >= start ? before : undefined;
  }

  private take(told: Session | DayTime, { from, to }: Span, day: string | null): Verdict {
    const here = { task: told.task, day, issue: null, from, to };
    this.know(here);
    this.told.add(here);
    const time = { told, from, to, name: nameOf(told.task, day ?? from) };
    this.planned.push(time);
    return { kind: 'new', time };
  }
}

/** Tables have minutes where files have seconds. */
function sameMinute(one: number, other: number): boolean {
  const whole = one % MINUTE === 0 || other % MINUTE === 0;
  return whole && Math.floor(one / MINUTE) === Math.floor(other / MINUTE);
}
