import { AppError } from '../../errors';
import type { Zone } from '../../time/periods/zone';
import type { ComparedTime } from '../tally';
import type { MovedTime } from './moved-times';

const keyOf = (person: string, issue: string, day: string): string =>
  [person, issue, day].join('\n');

/** Adds up what was read and what is here, by person, issue and day of the zone. */
export class Comparison {
  private readonly rows = new Map<string, ComparedTime>();

  constructor(
    private readonly me: string,
    private readonly zone: Zone,
  ) {}

  dayOf(at: number): string {
    return this.zone.dateAt(at);
  }

  read(
    person: string | null,
    issue: string,
    day: string | null,
    ms: number,
    refused: boolean,
  ): void {
    const row = this.row(person ?? this.me, issue, day ?? '');
    row.source += ms;
    if (refused) row.refused += ms;
  }

  here(when: 'here_before' | 'here_after', moved: readonly MovedTime[]): void {
    for (const { issue, day, from, to } of moved) {
      const row = this.row(this.me, issue ?? '', day ?? this.dayOf(from));
      row[when] = (row[when] ?? 0) + to - from;
    }
  }

  /**
   * Throws `conflict` where what is here grew by anything but what was handed in, so that nothing is kept.
   */
  verify(handed: ReadonlyMap<string, number>): void {
    for (const { person, issue, day, here_before, here_after } of this.rows.values()) {
      if (person !== this.me) continue;
      const grew = (here_after ?? 0) - (here_before ?? 0);
      if (grew === (handed.get(`${issue}\n${day}`) ?? 0)) continue;
      throw new AppError('conflict', `the times of ${issue} on ${day} do not add up`, {
        hint: 'Nothing was moved in. Report it with the row that is concerned.',
      });
    }
  }

  /** In seconds, by person, issue and day. */
  list(): ComparedTime[] {
    const seconds = (ms: number | null): number | null => ms && Math.round(ms / 1000);
    return [...this.rows.values()]
      .map((row) => ({
        ...row,
        source: seconds(row.source)!,
        refused: seconds(row.refused)!,
        here_before: row.person === this.me ? (seconds(row.here_before) ?? 0) : null,
        here_after: row.person === this.me ? (seconds(row.here_after) ?? 0) : null,
      }))
      .sort((a, b) => order(a, b));
  }

  private row(person: string, issue: string, day: string): ComparedTime {
    const key = keyOf(person, issue, day);
    const found = this.rows.get(key) ?? {
      ...{ person, issue, day, source: 0, refused: 0 },
      ...{ here_before: null, here_after: null },
    };
    this.rows.set(key, found);
    return found;
  }
}

function order(a: ComparedTime, b: ComparedTime): number {
  const [one, other] = [keyOf(a.person, a.day, a.issue), keyOf(b.person, b.day, b.issue)];
  return one < other ? -1 : one > other ? 1 : 0;
}
