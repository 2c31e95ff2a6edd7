export type CsvCell = string | number | null;

/** What a spreadsheet takes for a formula, and would run. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180, with a line of names first; text that looks like a formula is kept from being one. */
export function renderCsv(names: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return renderCsvRows([names, ...rows]);
}

/** The same without names, for what is written piece by piece. */
export function renderCsvRows(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
