/** Figures as people read them: a text, then numbers. */
export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

/** What one benchmark found. Only the ratios mean something elsewhere. */
export interface Report extends Table {
  name: string;
  /** What was found besides; with it the document gets these figures and not the ratios alone. */
  tables?: Table[];
  ratios: Ratio[];
  rounds: number;
  /** Every round's figures, as they were measured. */
  figures: Record<string, unknown>;
  /** SVGs by file name, for the folder beside the document. */
  images?: Record<string, string>;
}

export interface Ratio {
  what: string;
  value: number;
  /** Left out where there is no aim. */
  aim?: string;
  met?: boolean;
}

export function atMost(what: string, value: number, most: number): Ratio {
  return { what, value, aim: `<= ${most}`, met: value <= most };
}

export function above(what: string, value: number, least: number): Ratio {
  return { what, value, aim: `> ${least}`, met: value > least };
}

export const REMARK =
  'Absolute figures mean nothing on a shared machine; the ratios come from interleaved runs.';

export const millis = (value: number): string => value.toFixed(2);
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
