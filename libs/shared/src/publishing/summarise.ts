import { roundTime, type Rounding } from '../time/durations/round-time';
import { clip, coalesce } from '../time/intervals/cut';
import type { Interval, Span } from '../time/intervals/interval';
import { splitByDay } from '../time/periods/split-by-day';
import type { Zone } from '../time/periods/zone';

/** What of a project decides what of it is published. */
export interface BilledProject {
  readonly id: string;
  readonly rounding: Rounding;
  readonly delegated: boolean;
  readonly aiCost: boolean;
}

/** A line as coffee.publish takes it: totals, and nothing that tells when, where or by what. */
export interface SummaryLine {
  readonly project: string;
  /** `provider:id`; empty where the team publishes by project. */
  readonly issue: string;
  readonly kind: 'time' | 'delegated' | 'ai';
  readonly model: string;
  readonly measured_seconds: number;
  readonly billed_seconds: number;
  readonly sessions: number;
  readonly issues: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly cost_nanos: number;
  readonly unpriced_calls: number;
}

/** What a model was used for in one project. Costs are nano-USD. */
export interface ModelUse {
  readonly project: string;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly cost_nanos: number;
  readonly unpriced_calls: number;
}

export interface PeriodFacts {
  /** Milliseconds; what lies outside is not counted. */
  readonly span: Span;
  readonly zone: Zone;
  readonly perIssue: boolean;
  readonly intervals: readonly Interval[];
  /** Project of a stream; streams without one are not published. */
  readonly projectOf: ReadonlyMap<string, string>;
  readonly projects: ReadonlyMap<string, BilledProject>;
  readonly models: readonly ModelUse[];
}

const NOTHING = {
  ...{ issue: '', model: '', measured_seconds: 0, billed_seconds: 0, sessions: 0, issues: 0 },
  ...{ input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 },
  ...{ cost_nanos: 0, unpriced_calls: 0 },
};

interface Group {
  project: BilledProject;
  issue: string;
  direct: Interval[];
  delegated: Interval[];
  sessions: Set<string>;
  issues: Set<string>;
}

/**
 * The lines of one period, in the order of projects and issues. Each interval is in one line at most; a
 * person's own intervals exclude each other, so no moment of theirs is billed twice.
 */
export function summarise(facts: PeriodFacts): SummaryLine[] {
  const groups = new Map<string, Group>();
  for (const interval of clip(facts.intervals, facts.span)) {
    const group = groupOf(groups, facts, interval);
    if (group === undefined) continue;
    if (interval.issue !== null) group.issues.add(interval.issue);
    if (interval.session !== null) group.sessions.add(interval.session);
    (interval.by === 'agent' ? group.delegated : group.direct).push(interval);
  }
  const lines: SummaryLine[] = [];
  for (const group of groups.values()) lines.push(...linesOf(group, facts.zone));
  for (const { project, ...use } of facts.models) {
    if (facts.projects.get(project)?.aiCost !== true) continue;
    lines.push({ ...NOTHING, ...use, project, kind: 'ai' });
  }
  return lines.sort((a, b) => (keyOfLine(a) < keyOfLine(b) ? -1 : 1));
}

/** Of a period's lines each has another; they are in its order. */
export const keyOfLine = ({ project, issue, kind, model }: SummaryLine): string =>
  JSON.stringify([project, issue, kind, model]);

function groupOf(
  groups: Map<string, Group>,
  { projectOf, projects, perIssue }: PeriodFacts,
  { stream, issue }: Interval,
): Group | undefined {
  const project = projects.get(projectOf.get(stream ?? '') ?? '');
  if (project === undefined) return undefined;
  const named = perIssue ? (issue ?? '') : '';
  const key = `${project.id} ${named}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = {
      ...{ project, issue: named, direct: [], delegated: [] },
      ...{ sessions: new Set(), issues: new Set() },
    };
    groups.set(key, group);
  }
  return group;
}

function linesOf(group: Group, zone: Zone): SummaryLine[] {
  const { project, issue } = group;
  const lines: SummaryLine[] = [
    {
      ...{ ...NOTHING, project: project.id, issue, kind: 'time' },
      ...secondsOf(group.direct, project.rounding, zone),
      ...{ sessions: group.sessions.size, issues: group.issues.size },
    },
  ];
  if (project.delegated && group.delegated.length > 0) {
    lines.push({
      ...{ ...NOTHING, project: project.id, issue, kind: 'delegated' },
      ...secondsOf(group.delegated, project.rounding, zone),
    });
  }
  return lines;
}

/** What is less than a second goes: rounded up, a period could come to more than it has. */
function secondsOf(
  intervals: readonly Interval[],
  rounding: Rounding,
  zone: Zone,
): { measured_seconds: number; billed_seconds: number } {
  const measured = Math.floor(intervals.reduce((sum, { from, to }) => sum + to - from, 0) / 1000);
  if (measured === 0) return { measured_seconds: 0, billed_seconds: 0 };
  // A month may be more than one period: it is rounded on the bill.
  if (rounding.per === 'none' || rounding.per === 'month') {
    return { measured_seconds: measured, billed_seconds: measured };
  }
  // An entry is a stretch of work, whatever credited its parts.
  const entries =
    rounding.per === 'day'
      ? intervals
      : coalesce(intervals.map((one) => ({ ...one, by: 'log', machine: '' })));
  const pieces =
    rounding.per === 'day'
      ? splitByDay(entries, zone)
      : entries.map((part) => ({ date: '', part }));
  const rounded = roundTime(
    pieces.map(({ date, part }) => ({ date, ms: part.to - part.from })),
    rounding,
  );
  const billed = rounded.reduce((sum, { billedMs }) => sum + billedMs, 0);
  return { measured_seconds: measured, billed_seconds: Math.round(billed / 1000) };
}
