import type { MoveReport } from '@coffee-roadmap/shared/move-ins/move-in';
import type { MoveBatch, RolledBack } from '@coffee-roadmap/shared/move-ins/queries';
import type { ComparedTime } from '@coffee-roadmap/shared/move-ins/tally';
import { formatClock } from '@coffee-roadmap/shared/time/durations/format-clock';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { fold } from '../doctor/finding';
import { renderCounts } from '../import/render-counts';
import { count } from '../../words';

/** More are in --json. */
const MOST_SHOWN = 10;
const MOST_TIMES = 20;

export function renderReport(out: Output, report: MoveReport): string {
  const { totals, rows, refused_rows: refused, notes } = report;
  const names = [...new Set([totals.source, totals.before, totals.after].flatMap(Object.keys))];
  const table = renderTable(
    [
      { title: '', flexible: true, min: 12, paint: out.colours.bold },
      { title: 'SOURCE', align: 'right' },
      { title: 'HERE BEFORE', align: 'right' },
      { title: 'HERE AFTER', align: 'right' },
    ],
    names.map((name) => [
      name.replace(/_seconds$/, '').replaceAll('_', ' '),
      ...[totals.source, totals.before, totals.after].map((of) => figure(name, of[name])),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
  const shown = refused
    .slice(0, MOST_SHOWN)
    .map(({ row, reason }) => `  ${stripEscapes(row)}: ${reason}`);
  const more = rows.refused - shown.length;
  return [
    table,
    ...renderTimes(out, report.times ?? []),
    '',
    ...fold(`${count(rows.read, 'row')} read: ${renderCounts(rows)}`, out.width),
    ...shown,
    ...(more > 0 && shown.length > 0 ? [`  … and ${more} more`] : []),
    ...notes.flatMap((note) => ['', ...fold(stripEscapes(note), out.width)]),
    '',
    ending(report),
  ].join('\n');
}

function ending({ dry_run, batch, rows }: MoveReport): string {
  if (rows.inserted + rows.revised === 0) return 'Nothing of this is new, so nothing was moved in.';
  if (dry_run) return 'This was a dry run: nothing was changed.';
  return `Moved in as batch ${batch}. To take it back: coffee-roadmap move-in rollback ${batch}`;
}

function figure(name: string, n: number | undefined): string {
  if (n === undefined) return '';
  if (name.endsWith('_seconds')) return formatClock(n);
  return Number.isInteger(n) ? String(n) : n.toFixed(2);
}

/** By person, issue and day, as many as a person reads. */
function renderTimes(out: Output, times: readonly ComparedTime[]): string[] {
  const worked = times.filter(({ source, here_after }) => source > 0 || (here_after ?? 0) > 0);
  if (worked.length === 0) return [];
  const clock = (n: number | null): string => (n === null ? '–' : n === 0 ? '' : formatClock(n));
  const table = renderTable(
    [
      { title: 'PERSON', flexible: true, min: 6 },
      { title: 'ISSUE', flexible: true, min: 10, paint: out.colours.bold },
      { title: 'DAY' },
      { title: 'SOURCE', align: 'right' },
      { title: 'REFUSED', align: 'right' },
      { title: 'BEFORE', align: 'right' },
      { title: 'AFTER', align: 'right' },
    ],
    worked
      .slice(0, MOST_TIMES)
      .map(({ person, issue, day, source, refused, here_before, here_after }) => [
        person,
        issue,
        day,
        clock(source),
        clock(refused),
        clock(here_before),
        clock(here_after),
      ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
  const more = worked.length - MOST_TIMES;
  return ['', table, ...(more > 0 ? [`… and ${more} more: --json has all of them.`] : [])];
}

export function renderRolledBack(
  out: Output,
  batch: number,
  { kept, priorities }: RolledBack,
): string {
  if (kept === 0) return `Batch ${batch} is taken back: everything is as it was before it.`;
  return [
    `Batch ${batch} is taken back, but for ${count(kept, 'row')} that changed since.`,
    ...(priorities.length > 0
      ? fold(`Priorities that stay as they are now: ${priorities.join(', ')}.`, out.width)
      : []),
  ].join('\n');
}

export function renderBatches(out: Output, batches: readonly MoveBatch[]): string {
  if (batches.length === 0)
    return 'Nothing was moved in yet. coffee-roadmap move-in --help says what can be.';
  const now = new Date();
  return renderTable(
    [
      { title: 'BATCH', align: 'right' },
      { title: 'KIND', paint: out.colours.bold },
      { title: 'MOVED IN' },
      { title: 'ROWS', align: 'right' },
      { title: 'STATE' },
      { title: 'FROM', flexible: true },
    ],
    batches.map(({ id, kind, source, moved_at, rolled_back_at, summary }) => {
      const rows = (summary.rows ?? {}) as { inserted?: number; revised?: number };
      const state = rolled_back_at === null ? 'here' : `taken back ${ago(rolled_back_at, now)}`;
      return [
        id,
        kind,
        ago(moved_at, now),
        (rows.inserted ?? 0) + (rows.revised ?? 0),
        state,
        source,
      ];
    }),
    { width: out.width, paintTitle: out.colours.dim },
  );
}
