import { stripEscapes } from './strip-escapes';
import { pad, truncate, widthOf } from './width';

export interface Bar {
  label: string;
  /** Not negative; the longest bar is the largest value. */
  value: number;
  /** What stands behind the bar; the value itself where it is left out. */
  text?: string;
}

export interface BarOptions {
  /** Columns of the terminal; 80 where nobody says. */
  width?: number;
  paint?: (bar: string) => string;
}

const GAP = 2;
/** A label takes no more than this share of the width. */
const LABEL_SHARE = 0.4;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of so many columns; a value above nothing shows at least its edge. */
function barOf(value: number, largest: number, columns: number): string {
  if (!(value > 0) || !(largest > 0)) return '';
  const eighths = Math.max(1, Math.round((value / largest) * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** Rows of a horizontal bar chart: label, bar, figure; without a newline at the end. */
export function renderBars(bars: readonly Bar[], options: BarOptions = {}): string {
  const { width = 80, paint = (bar: string) => bar } = options;
  const rows = bars.map(({ label, value, text }) => ({
    label: truncate(stripEscapes(label), Math.floor(width * LABEL_SHARE)),
    value,
    text: stripEscapes(text ?? String(value)),
  }));
  const widest = (of: (row: (typeof rows)[number]) => string) =>
    rows.reduce((most, row) => Math.max(most, widthOf(of(row))), 0);
  const labels = widest((row) => row.label);
  const texts = widest((row) => row.text);
  const columns = Math.max(1, width - labels - texts - 2 * GAP);
  const largest = rows.reduce((most, row) => Math.max(most, row.value), 0);
  const gap = ' '.repeat(GAP);
  return rows
    .map((row) => {
      const bar = barOf(row.value, largest, columns);
      const space = ' '.repeat(columns - widthOf(bar));
      return `${pad(row.label, labels)}${gap}${paint(bar)}${space}${gap}${pad(row.text, texts, 'right')}`;
    })
    .join('\n');
}
