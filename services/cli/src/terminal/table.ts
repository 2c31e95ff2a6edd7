import { stripEscapes } from './strip-escapes';
import { truncate, widthOf } from './width';

export type Cell = string | number | null | undefined;

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** May be cut with … where the table does not fit. */
  flexible?: boolean;
  /** Columns of the terminal below which a flexible one is not cut; 8 where nobody says. */
  min?: number;
  /** Colours a cell; gets the text as it is shown. */
  paint?: (text: string) => string;
}

export interface TableOptions {
  /** Columns of the terminal; 80 where nobody says. */
  width?: number;
  paintTitle?: (title: string) => string;
}

const GAP = 2;
const MIN_FLEXIBLE = 8;

/** Takes `excess` off the widths, always from the widest, down to its floor; what is left over. */
function shrink(widths: number[], floors: readonly number[], excess: number): number {
  let left = excess;
  while (left > 0) {
    let widest = -1;
    widths.forEach((width, i) => {
      if (width > (floors[i] ?? width) && width > (widths[widest] ?? 0)) widest = i;
    });
    const width = widths[widest];
    if (width === undefined) return left;
    widths[widest] = width - 1;
    left--;
  }
  return 0;
}

/** Flexible columns give way first; then, rather than breaking lines, all of them. */
function fit(columns: readonly Column[], natural: number[], width: number): number[] {
  const widths = [...natural];
  const excess = widths.reduce((sum, one) => sum + one, GAP * (columns.length - 1)) - width;
  const floor = ({ flexible, min = MIN_FLEXIBLE }: Column, i: number) =>
    flexible === true ? Math.min(min, natural[i] ?? 0) : (natural[i] ?? 0);
  const left = shrink(widths, columns.map(floor), excess);
  if (left > 0)
    shrink(
      widths,
      columns.map(() => 1),
      left,
    );
  return widths;
}

/**
 * A table of at most `width` columns, one line per row, without a newline at the end. Cells are
 * stripped of escapes; colour comes from `paint` alone.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string {
  const { width = 80, paintTitle = (title: string) => title } = options;
  const texts = rows.map((row) => columns.map((_, i) => stripEscapes(String(row[i] ?? ''))));
  const natural = columns.map(({ title }, i) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(title)),
  );
  const widths = fit(columns, natural, width);
  const line = (cells: readonly string[], paint: (column: Column, text: string) => string) => {
    const shown = columns.map((column, i) => {
      const width = widths[i] ?? 0;
      const text = truncate(cells[i] ?? '', width);
      const space = ' '.repeat(Math.max(0, width - widthOf(text)));
      const painted = text === '' ? '' : paint(column, text);
      if (column.align === 'right') return space + painted;
      return i === columns.length - 1 ? painted : painted + space;
    });
    return shown.join(' '.repeat(GAP)).trimEnd();
  };
  return [
    line(
      columns.map((column) => column.title),
      (_, text) => paintTitle(text),
    ),
    ...texts.map((row) => line(row, (column, text) => column.paint?.(text) ?? text)),
  ].join('\n');
}
