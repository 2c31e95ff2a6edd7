import type { Interval } from '../intervals/interval';
import { clip } from '../intervals/cut';
import type { Period } from '../periods/period';
import { splitByDay } from '../periods/split-by-day';
import type { StreamFacts } from './report';
import { compareText, Sums } from './sums';

/** One line of a time sheet: a day's time of one stream and issue. Milliseconds. */
export interface DetailRow {
  readonly date: string;
  readonly project: string | null;
  readonly stream: string | null;
  readonly tags: string;
  readonly issue: string | null;
  readonly time_direct_ms: number;
  readonly time_delegated_ms: number;
}

/** The period's time sheet, by day, then stream, then issue: for CSV, and for a person to check a bill by. */
export function detailRows(
  intervals: Iterable<Interval>,
  period: Period,
  streams: ReadonlyMap<string, StreamFacts>,
): DetailRow[] {
  const sums = new Sums<string>();
  for (const { date, part } of splitByDay(clip(intervals, period), period.zone)) {
    sums.add(JSON.stringify([date, part.stream, part.issue]), part);
  }
  return sums
    .lines(
      (key, times) => {
        const [date, stream, issue] = JSON.parse(key) as [string, string | null, string | null];
        const facts = stream === null ? undefined : streams.get(stream);
        return {
          ...times,
          row: {
            date,
            project: facts?.project ?? null,
            stream: facts?.name ?? stream,
            tags: (facts?.tags ?? []).join(' '),
            issue,
            time_direct_ms: times.directMs,
            time_delegated_ms: times.delegatedMs,
          },
        };
      },
      ({ row }) => row.date,
    )
    .map(({ row }) => row)
    .sort(
      (a, b) =>
        compareText(a.date, b.date) ||
        compareText(a.stream ?? '', b.stream ?? '') ||
        compareText(a.issue ?? '', b.issue ?? ''),
    );
}
