import type { Report } from '@coffee-roadmap/shared/time/report/report';
import { formatHours } from '../../terminal/duration';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable, type Cell } from '../../terminal/table';
import { count } from '../../words';
import type { Paper } from './render-report';

/** Enough of an id to find it by. */
const ID_LENGTH = 8;

/** How many agents' sessions of which kind there were, and the longest. */
export function renderSessions(out: Paper, sessions: Report['sessions']): string {
  if (sessions.total === 0) return '';
  const { bold, dim } = out.colours;
  const counts = (by: Readonly<Record<string, number>>) =>
    Object.entries(by)
      .map(([name, n]) => `${n} ${stripEscapes(name)}`)
      .join(', ');
  const rows = sessions.top.map(({ session, type, durationMs, startingPrompt }): Cell[] => [
    session.slice(0, ID_LENGTH),
    type,
    formatHours(durationMs),
    startingPrompt?.replace(/\s+/g, ' ') ?? '',
  ]);
  const prompts = sessions.top.some(({ startingPrompt }) => startingPrompt !== null);
  const table = renderTable(
    [
      { title: 'SESSION' },
      { title: 'KIND' },
      { title: 'LENGTH', align: 'right' },
      ...(prompts ? [{ title: 'BEGAN WITH', flexible: true }] : []),
    ],
    prompts ? rows : rows.map((row) => row.slice(0, 3)),
    { width: out.width - 2, paintTitle: dim },
  );
  const more = sessions.total - rows.length;
  return [
    bold('Agents’ sessions'),
    `  ${count(sessions.total, 'session')}: ${counts(sessions.bySource)}; ${counts(sessions.byType)}`,
    ...table.split('\n').map((line) => `  ${line}`),
    ...(more > 0 ? [dim(`  and ${more} more`)] : []),
  ].join('\n');
}
