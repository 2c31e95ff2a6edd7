import { formatHours } from '@coffee-roadmap/shared/billing/report';
import type { PeriodOutcome, PublishOutcome } from '@coffee-roadmap/shared/publishing/publish';
import type { SummaryLine } from '@coffee-roadmap/shared/publishing/summarise';
import type { Output } from '../../output';
import { renderTable, type Cell } from '../../terminal/table';
import { stripEscapes } from '../../terminal/strip-escapes';
import { formatUsd } from '../../words';

const SAYS = {
  published: 'published',
  unchanged: 'as before',
  held: 'held: closed',
  would_publish: 'would go',
};

export function renderOutcome(
  out: Pick<Output, 'colours' | 'width'>,
  outcome: PublishOutcome,
  projectNames: ReadonlyMap<string, string>,
  titles: ReadonlyMap<string, string> = new Map(),
): string {
  const { bold, dim } = out.colours;
  const parts: string[] = [];
  for (const { team, periods } of outcome.teams) {
    const rows = runsOf(periods).flatMap(({ name, period }): Cell[][] => {
      const lines = groups(period.lines);
      if (lines.length === 0) return [[name, 'nothing', '0.00', '', '', SAYS[period.outcome]]];
      return lines.map((line, i) => [
        i === 0 ? name : '',
        [projectNames.get(line.project) ?? line.project, line.issue, titles.get(line.issue)]
          .filter(Boolean)
          .join(' '),
        formatHours(line.seconds),
        line.delegated > 0 ? formatHours(line.delegated) : '',
        line.costNanos > 0 ? formatUsd(line.costNanos / 1e9) : '',
        i === 0 ? SAYS[period.outcome] : '',
      ]);
    });
    parts.push(
      bold(`Team ${stripEscapes(team)}`),
      renderTable(
        [
          { title: 'PERIOD' },
          { title: 'PROJECT', flexible: true, min: 12 },
          { title: 'HOURS', align: 'right' },
          { title: 'AGENTS', align: 'right' },
          { title: 'AI', align: 'right' },
          { title: '' },
        ],
        rows,
        { width: out.width, paintTitle: dim },
      ),
    );
  }
  if (outcome.unmapped.length > 0) {
    parts.push(
      `Not published, because no link names a project: ${listed(outcome.unmapped)}`,
      'coffee-roadmap projects link PATH|REMOTE|TAG --project NAME',
    );
  }
  if (outcome.ambiguous.length > 0) {
    parts.push(`Not published, because links name two projects: ${listed(outcome.ambiguous)}`);
  }
  if (outcome.teams.some(({ periods }) => periods.some((p) => p.outcome === 'held'))) {
    parts.push('A closed period would change: publish --reason "why" makes a new version.');
  }
  return parts.join('\n');
}

/** Each period, but those without a line that follow each other with one outcome are one. */
function runsOf(periods: readonly PeriodOutcome[]): { name: string; period: PeriodOutcome }[] {
  const runs: { first: PeriodOutcome; last: PeriodOutcome }[] = [];
  for (const period of periods) {
    const run = runs.at(-1);
    const empty = period.lines.length === 0 && run?.last.lines.length === 0;
    if (empty && run.last.outcome === period.outcome) run.last = period;
    else runs.push({ first: period, last: period });
  }
  return runs.map(({ first, last }) => ({
    // A cut week is named by its days: of a run the first and the last of them.
    name:
      first === last
        ? first.period
        : `${first.period.split('..')[0]} to ${last.period.split('..').at(-1)}`,
    period: first,
  }));
}

const MOST = 8;
function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, MOST)
    .map((name) => stripEscapes(name))
    .join(', ');
  return names.length > MOST ? `${shown} and ${names.length - MOST} more` : shown;
}

interface Shown {
  project: string;
  issue: string;
  seconds: number;
  delegated: number;
  costNanos: number;
}

/** A row for each project and issue; lines without either time or cost say nothing. */
function groups(lines: readonly SummaryLine[]): Shown[] {
  const found = new Map<string, Shown>();
  for (const { project, issue, kind, billed_seconds: seconds, cost_nanos: nanos } of lines) {
    const key = JSON.stringify([project, issue]);
    const one = found.get(key) ?? { project, issue, seconds: 0, delegated: 0, costNanos: 0 };
    if (kind === 'time') one.seconds += seconds;
    if (kind === 'delegated') one.delegated += seconds;
    one.costNanos += nanos;
    found.set(key, one);
  }
  return [...found.values()];
}
