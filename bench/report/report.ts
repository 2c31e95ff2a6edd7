/** What one benchmark found. Only the ratios mean something elsewhere. */
export interface Report {
  name: string;
  title: string;
  /** The figures as people read them: a text, then numbers. */
  columns: string[];
  rows: string[][];
  ratios: Ratio[];
  rounds: number;
  /** Every round's figures, as they were measured. */
  figures: Record<string, unknown>;
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
