import { addCounts, NO_COUNTS, type ImportCounts } from '../imports/import-counts';

/** A row that was not moved, and why. */
export interface RefusedRow {
  /** Where it stands: `row 12`, `machine desk, 2025-10-12`. */
  row: string;
  reason: string;
}

/** What a person can compare before and after: messages, calls, tokens, events, by name. */
export type Totals = Record<string, number>;

/** What one person worked on an issue on a day, in seconds; here null for somebody else. */
export interface ComparedTime {
  person: string;
  issue: string;
  /** Empty: the source does not say. */
  day: string;
  source: number;
  /** Of the source: refused, row by row. */
  refused: number;
  here_before: number | null;
  here_after: number | null;
}

/** More are counted by reason, and not listed. */
export const MOST_LISTED = 200;

/** Keeps the books of one move. */
export class Tally {
  counts: ImportCounts = NO_COUNTS;
  read = 0;
  readonly refusedRows: RefusedRow[] = [];
  readonly totals: Totals = {};
  /** Of systems that recorded time. */
  compared?: ComparedTime[];
  readonly notes = new Set<string>();

  /** What became of rows that were handed in. */
  add(counts: ImportCounts): void {
    this.counts = addCounts(this.counts, counts);
  }

  /** A row that is not handed in at all. `reason` is a word of docs/move-in.md; `said`: what is shown of it. */
  refuse(row: string, reason: string, said = reason): void {
    const one = { ...NO_COUNTS, refused: 1, reasons: { [reason]: 1 } };
    this.counts = addCounts(this.counts, one);
    this.list([{ row, reason: said }]);
  }

  /** Names rows whose refusal is counted already. */
  list(rows: readonly RefusedRow[]): void {
    this.refusedRows.push(...rows.slice(0, Math.max(0, MOST_LISTED - this.refusedRows.length)));
  }

  /** To what the older system itself adds up to. */
  sum(name: string, n: number): void {
    this.totals[name] = (this.totals[name] ?? 0) + n;
  }
}
