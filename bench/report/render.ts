import type { Ratio, Report, Table } from './report';

/** A text of at most 80 columns: title, figures, ratios. */
export function renderReport(report: Report): string {
  return [
    `${report.title} (median of ${report.rounds} rounds)`,
    '',
    ...renderTable([report.columns, ...report.rows]),
    '',
    ...(report.tables ?? []).flatMap((table) => [
      table.title,
      '',
      ...renderTable([table.columns, ...table.rows]),
      '',
    ]),
    ...renderTable([['ratio', 'is', 'aim', ''], ...report.ratios.map(cells)]),
  ].join('\n');
}

/** The ratios alone, as a table in Markdown. */
export function renderRatios(report: Report): string {
  return markdown([
    ['', 'ratio', 'aim', ''],
    ['---', '---:', '---', '---'],
    ...report.ratios.map(cells),
  ]);
}

/** A table's title and the table itself, in Markdown. */
export function renderMarkdown({ title, columns, rows }: Table): string {
  const line = columns.map((_, i) => (i === 0 ? '---' : '---:'));
  return `${title}:\n\n${markdown([columns, line, ...rows])}`;
}

function markdown(rows: string[][]): string {
  return rows
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function cells({ what, value, aim, met }: Ratio): string[] {
  return [what, value.toFixed(2), aim ?? '', met === undefined ? '' : met ? 'met' : 'not met'];
}

/** The first column is text, the others are figures. */
function renderTable(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}
