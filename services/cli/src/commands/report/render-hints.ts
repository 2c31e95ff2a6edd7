import type { Report } from '@coffee-roadmap/shared/time/report/report';
import { formatHours } from '../../terminal/duration';
import { stripEscapes } from '../../terminal/strip-escapes';
import { truncate } from '../../terminal/width';

const MOST_TIMERS = 5;

/** What somebody who reads the report may want to do next, one a line of at most so many columns. */
export function renderHints(report: Report, width: number): string[] {
  const { unassigned, byProject, cutTimers, period } = report;
  const lines: string[] = [];
  const add = (ms: number, text: string) => {
    if (ms > 0) lines.push(`${formatHours(ms)} ${text}`);
  };
  add(unassigned.directMs + unassigned.delegatedMs, 'unassigned: coffee-roadmap classify');
  const unmapped = byProject.find(({ project }) => project === null);
  if (unmapped !== undefined && byProject.length > 1)
    add(unmapped.directMs + unmapped.delegatedMs, 'in no project: coffee-roadmap projects link');
  const when = new Intl.DateTimeFormat('en-US', {
    ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZone: period.zone.name,
  });
  for (const { issue, at } of cutTimers.slice(0, MOST_TIMERS)) {
    const rest = ` ran till its limit, ${when.format(at)}; coffee-roadmap log mends it`;
    lines.push(truncate(stripEscapes(issue), Math.max(8, width - rest.length)) + rest);
  }
  if (cutTimers.length > MOST_TIMERS)
    lines.push(`and ${cutTimers.length - MOST_TIMERS} more timers that nobody stopped`);
  return lines.map((line) => truncate(line, width));
}
