import type { MoveReport } from '@coffee-roadmap/shared/move-ins/move-in';
import type { MoveBatch } from '@coffee-roadmap/shared/move-ins/queries';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { renderCounts } from '../import/render-counts';
import { count } from '../../words';

/** More are in --json. */
const MOST_SHOWN = 10;

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
      name.replaceAll('_', ' '),
      ...[totals.source, totals.before, totals.after].map((of) => figure(of[name])),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
  const shown = refused
    .slice(0, MOST_SHOWN)
    .map(({ row, reason }) => `  ${stripEscapes(row)}: ${reason}`);
  const more = rows.refused - shown.length;
  return [
    table,
    '',
    `${count(rows.read, 'row')} read: ${renderCounts(rows)}`,
    ...shown,
    ...(more > 0 && shown.length > 0 ? [`  … and ${more} more`] : []),
    ...notes.map((note) => `\n${note}`),
    '',
    ending(report),
  ].join('\n');
}

function ending({ dry_run, batch, rows }: MoveReport): string {
  if (rows.inserted + rows.revised === 0) return 'Nothing of this is new, so nothing was moved in.';
  if (dry_run) return 'This was a dry run: nothing was changed.';
  return `Moved in as batch ${batch}. To take it back: coffee-roadmap move-in rollback ${batch}`;
}

const figure = (n: number | undefined): string =>
  n === undefined ? '' : Number.isInteger(n) ? String(n) : n.toFixed(2);

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
