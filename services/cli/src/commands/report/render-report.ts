import type { Report, Times } from '@coffee-roadmap/shared/time/report/report';
import { addDays, utcOf, type LocalDate } from '@coffee-roadmap/shared/time/periods/local-date';
import type { Output } from '../../output';
import { renderBars, type Bar } from '../../terminal/bars';
import { formatHours } from '../../terminal/duration';
import { renderHints } from './render-hints';
import { renderSessions } from './render-sessions';

export type Paper = Pick<Output, 'colours' | 'width'>;

const INDENT = '  ';
const MOST_LINES = 10;
const MOST_DAYS = 31;
/** Below half an hour a share says nothing. */
const LEAST_FOR_SHARES = 30 * 60_000;

/** A person's report in at most as many columns as the terminal has. */
export function renderReport(
  out: Paper,
  report: Report,
  titles: ReadonlyMap<string, string> = new Map(),
): string {
  const { bold, dim } = out.colours;
  const { totals, period } = report;
  const title = `${bold(`Time report: ${nameOf(report)}`)} ${dim(`(${period.zone.name})`)}`;
  if (totals.directMs + totals.delegatedMs === 0 && report.sessions.total === 0) {
    return [title, '', `No events recorded ${spanOf(report)}.`, dim(HINT)].join('\n');
  }
  const days = report.byDay.length > MOST_DAYS ? [] : report.byDay;
  const lines = {
    project: projectLines(report),
    stream: report.streams.map((one) => line(one.name, one)),
    issue: report.byIssue.map((one) =>
      line([one.issue, titles.get(one.issue)].filter(Boolean).join(' '), one),
    ),
    day: days.length === 1 ? [] : days.map((day) => line(dayName(day.date), day)),
  };
  return [
    title,
    section(out, 'By tag', tagLines(report)),
    section(out, 'By project', lines.project, MOST_LINES),
    section(out, 'By stream', lines.stream, MOST_LINES),
    section(out, 'By issue', lines.issue, MOST_LINES),
    section(out, 'By day', lines.day),
    renderSessions(out, report.sessions),
    `${bold('Summary')}\n${summary(out, report)}`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

const HINT = 'Record some: coffee-roadmap hooks install tmux, or coffee-roadmap log 1h30m "…"';

function tagLines({ byTag, untagged, unassigned }: Report): Line[] {
  return [
    ...byTag.map((one) => line(one.tag, one)),
    ...known('(untagged)', untagged),
    ...known('(unassigned)', unassigned),
  ];
}

function projectLines({ byProject }: Report): Line[] {
  if (byProject.every(({ project }) => project === null)) return [];
  return byProject.map((one) => line(one.project ?? '(no project)', one));
}

function known(label: string, times: Times): Line[] {
  return times.directMs + times.delegatedMs > 0 ? [line(label, times)] : [];
}

/** A label with its times. */
type Line = Times & { label: string };

const line = (label: string, { directMs, delegatedMs }: Times): Line => ({
  label,
  directMs,
  delegatedMs,
});

/** `3h 20m + 1h 0m agents`: the two are never one figure, for they may be at once. */
function barsOf(lines: readonly Line[]): Bar[] {
  const agents = lines.map(({ delegatedMs }) =>
    delegatedMs > 0 ? ` + ${formatHours(delegatedMs).padStart(7)} agents` : '',
  );
  const widest = Math.max(...agents.map(({ length }) => length));
  return lines.map(({ label, directMs, delegatedMs }, i) => ({
    label,
    value: directMs + delegatedMs,
    text: formatHours(directMs) + agents[i]!.padEnd(widest),
  }));
}

function section(out: Paper, title: string, all: readonly Line[], most = all.length): string {
  if (all.length === 0) return '';
  const { bold, cyan, dim } = out.colours;
  const lines = all.slice(0, most);
  const text = renderBars(barsOf(lines), { width: out.width - INDENT.length, paint: cyan });
  const rows = text.split('\n').map((row) => `${INDENT}${row.trimEnd()}`);
  if (all.length > lines.length) rows.push(dim(`${INDENT}and ${all.length - lines.length} more`));
  return [bold(title), ...rows].join('\n');
}

function summary(out: Paper, report: Report): string {
  const { totals } = report;
  const sum = totals.directMs + totals.delegatedMs;
  const share = (ms: number) =>
    sum < LEAST_FOR_SHARES ? '' : `  ${Math.round((100 * ms) / sum)} %`.padStart(7);
  const lines = [
    `Own time     ${formatHours(totals.directMs).padStart(8)}${share(totals.directMs)}`,
    `Agents       ${formatHours(totals.delegatedMs).padStart(8)}${share(totals.delegatedMs)}`,
    `Tracked      ${formatHours(totals.trackedMs).padStart(8)}  what was at once counts once`,
  ];
  lines.push(
    ...renderHints(report, out.width - INDENT.length).map((hint) => out.colours.dim(hint)),
  );
  return lines.map((line) => INDENT + line).join('\n');
}

function nameOf({ period }: Report): string {
  const { type, firstDay, endDay } = period;
  if (type === 'day') return format(firstDay, { weekday: 'long', ...DAY });
  if (type === 'week') return `week of ${format(firstDay, DAY)}`;
  if (type === 'month') return format(firstDay, { year: 'numeric', month: 'long' });
  return `${format(firstDay, DAY)} to ${format(addDays(endDay, -1), DAY)}`;
}

function spanOf({ period, generatedAt }: Report): string {
  const present = generatedAt.getTime();
  const current = period.from <= present && present < period.to;
  if (!current || period.type === 'custom') return 'in this time';
  return period.type === 'day' ? 'today' : `this ${period.type}`;
}

const DAY = { year: 'numeric', month: 'short', day: 'numeric' } as const;

function dayName(date: LocalDate): string {
  return format(date, { weekday: 'short', month: 'short', day: 'numeric' });
}

function format(date: LocalDate, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(utcOf(date));
}
