import { sumAmounts } from '../time/money/amount';
import type { Bill, BillingLine } from './queries';

export interface BillingTotal {
  readonly currency: string;
  /** The sum of the lines, to the cent. */
  readonly amount: string;
}

export interface BillingReport {
  readonly team: string;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  readonly client: string | null;
  /** The bill that this is; null for a report. */
  readonly bill: Bill | null;
  /** Names of the rate at which the cost of models is converted; null where nothing is. */
  readonly exchange: { readonly name: string; readonly rate: string } | null;
  readonly lines: readonly BillingLine[];
  /** By currency. */
  readonly totals: readonly BillingTotal[];
  /** Lines that have no amount, because a rate is missing. */
  readonly unpriced_lines: number;
}

/** The same lines give the same document, key by key. */
export function buildBillingReport(
  about: Omit<BillingReport, 'lines' | 'totals' | 'unpriced_lines'>,
  lines: readonly BillingLine[],
): BillingReport {
  return {
    ...about,
    lines,
    totals: totalsOf(lines),
    unpriced_lines: lines.filter(({ amount }) => amount === null).length,
  };
}

/** Sums of what has an amount, by currency in the order of their names. */
export function totalsOf(lines: readonly BillingLine[]): BillingTotal[] {
  const currencies = [...new Set(lines.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => ({
    currency,
    amount: sumAmounts(
      lines.flatMap((line) =>
        line.currency === currency && line.amount !== null ? [line.amount] : [],
      ),
    ),
  }));
}

/** The lines of each project, in their order. */
export function byProject(
  lines: readonly BillingLine[],
): { client: string; project: string; lines: BillingLine[] }[] {
  const groups: { client: string; project: string; id: string; lines: BillingLine[] }[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.id === line.project_id) last.lines.push(line);
    else {
      const { client, project, project_id: id } = line;
      groups.push({ client, project, id, lines: [line] });
    }
  }
  return groups;
}

/** `7.50`: hours to the hundredth, half-up, for people; amounts are made of the seconds. */
export function formatHours(seconds: number): string {
  return (Math.round(seconds / 36) / 100).toFixed(2);
}
