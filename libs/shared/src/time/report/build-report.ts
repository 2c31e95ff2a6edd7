import { clip } from '../intervals/cut';
import type { Interval, Span } from '../intervals/interval';
import { unionLength } from '../intervals/measure';
import { daysOfPeriod, type Period } from '../periods/period';
import { splitByDay } from '../periods/split-by-day';
import type {
  CutTimer,
  Report,
  SessionFacts,
  SessionLine,
  StreamFacts,
  StreamLine,
} from './report';
import { addTimes, compareText, Sums } from './sums';

export interface ReportInput {
  readonly period: Period;
  readonly generatedAt: Date;
  /** As allocation gives them, of at least the period; nothing after `generatedAt` is counted. */
  readonly intervals: Iterable<Interval>;
  readonly streams: ReadonlyMap<string, StreamFacts>;
  readonly sessions: Iterable<SessionFacts>;
  readonly cutTimers?: readonly CutTimer[];
  /** The project of an interval where it is not its stream's. */
  readonly projectOf?: (interval: Interval) => string | null;
}

const TOP_SESSIONS = 5;

/** One person's report over a period, from intervals alone: billing is made of the same. */
export function buildReport(input: ReportInput): Report {
  const { period, generatedAt, streams } = input;
  const projectOf = input.projectOf ?? (({ stream }) => streams.get(stream ?? '')?.project ?? null);
  const within = { from: period.from, to: Math.min(period.to, generatedAt.getTime()) };
  const intervals = clip(input.intervals, within);
  const byStream = new Sums<string | null>();
  const byProject = new Sums<string | null>();
  const byIssue = new Sums<string>();
  const byDay = new Sums<string>();
  for (const interval of intervals) {
    byStream.add(interval.stream, interval);
    byProject.add(projectOf(interval), interval);
    if (interval.issue !== null) byIssue.add(interval.issue, interval);
  }
  for (const { date, part } of splitByDay(intervals, period.zone)) byDay.add(date, part);

  const lines = byStream
    .lines(
      (stream, times) => ({ ...times, stream, ...factsOf(stream, streams) }),
      ({ name }) => name,
    )
    .filter((line): line is StreamLine => line.stream !== null);
  const untagged = lines.filter(({ tags }) => tags.length === 0);
  const unassigned = byStream.of(null);
  return {
    period,
    generatedAt,
    streams: lines,
    byTag: tagLines(lines),
    untagged: { ...addTimes(untagged), streams: untagged },
    byProject: byProject.lines(
      (project, times) => ({ project, ...times }),
      ({ project }) => project ?? '',
    ),
    byIssue: byIssue.lines(
      (issue, times) => ({ issue, ...times }),
      ({ issue }) => issue,
    ),
    byDay: daysOfPeriod(period).map(({ key }) => ({ date: key, ...byDay.of(key) })),
    unassigned,
    cutTimers: input.cutTimers ?? [],
    sessions: summariseSessions(input.sessions, within),
    totals: {
      ...addTimes([...lines, unassigned]),
      trackedMs: unionLength(intervals),
      streamCount: lines.length,
    },
  };
}

function factsOf(stream: string | null, streams: ReadonlyMap<string, StreamFacts>) {
  const { name, tags } = streams.get(stream ?? '') ?? { name: stream ?? '', tags: [] };
  return { name, tags };
}

function tagLines(streams: readonly StreamLine[]): Report['byTag'] {
  const tags = [...new Set(streams.flatMap((line) => line.tags))].sort(compareText);
  return tags
    .map((tag) => {
      const own = streams.filter((line) => line.tags.includes(tag));
      return { tag, ...addTimes(own), streams: own };
    })
    .sort((a, b) => b.directMs + b.delegatedMs - a.directMs - a.delegatedMs);
}

function summariseSessions(sessions: Iterable<SessionFacts>, within: Span): Report['sessions'] {
  const present = [...sessions].filter(({ from, to }) => from < within.to && to >= within.from);
  const lines = present.map(({ session, source, type, from, to, startingPrompt }): SessionLine => {
    const durationMs = Math.min(to, within.to) - Math.max(from, within.from);
    return { session, source, type, durationMs, startingPrompt };
  });
  return {
    total: lines.length,
    bySource: countBy(lines, ({ source }) => source),
    byType: countBy(lines, ({ type }) => type),
    top: lines
      .sort((a, b) => b.durationMs - a.durationMs || compareText(a.session, b.session))
      .slice(0, TOP_SESSIONS),
  };
}

function countBy(lines: readonly SessionLine[], keyOf: (line: SessionLine) => string) {
  const counts: Record<string, number> = {};
  for (const key of lines.map(keyOf).sort(compareText)) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
