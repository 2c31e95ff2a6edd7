import { sumAmounts } from '../time/money/amount';
import type { Exchange } from './exchange';
import type { Bill, BillingLine, ProjectBilling } from './queries';

export interface BillingTotal {
  readonly currency: string;
  /** The sum of the lines, to the cent. */
  readonly amount: string;
}

/** What of a project's budget the reported months use; both amounts are of all of them. */
export interface BudgetUse {
  readonly project_id: string;
  readonly project: string;
  readonly currency: string;
  /** What these months may come to. */
  readonly budget: string;
  /** What they come to; lines without an amount are not in it. */
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
  readonly exchange: Exchange | null;
  readonly lines: readonly BillingLine[];
  /** By currency. */
  readonly totals: readonly BillingTotal[];
  /** Of the projects that have one, in the order of the lines; none in a bill. */
  readonly budgets: readonly BudgetUse[];
  /** Lines that have no amount, because a rate is missing. */
  readonly unpriced_lines: number;
}

/** The same lines give the same document, key by key. */
export function buildBillingReport(
  about: Omit<BillingReport, 'lines' | 'totals' | 'budgets' | 'unpriced_lines'>,
  lines: readonly BillingLine[],
  settings: readonly ProjectBilling[] = [],
): BillingReport {
  return {
    ...about,
    lines,
    totals: totalsOf(lines),
    budgets: about.bill === null ? budgetsOf(about, lines, settings) : [],
    unpriced_lines: lines.filter(({ amount }) => amount === null).length,
  };
}

function budgetsOf(
  { from, to }: { from: string; to: string },
  lines: readonly BillingLine[],
  settings: readonly ProjectBilling[],
): BudgetUse[] {
  const months = monthsUntil(to) - monthsUntil(from);
  const budgets = new Map(settings.map(({ project_id: id, budget }) => [id, budget]));
  return byProject(lines).flatMap(({ project, lines: own }) => {
    const [{ project_id, currency }] = own as [BillingLine];
    const budget = budgets.get(project_id) ?? null;
    if (budget === null) return [];
    const amount = totalsOf(own)[0]?.amount ?? sumAmounts([]);
    const whole = sumAmounts(Array<string>(months).fill(budget));
    return [{ project_id, project, currency, budget: whole, amount }];
  });
}

const monthsUntil = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

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

export interface ProjectLines {
  client: string;
  project: string;
  lines: BillingLine[];
}

/** The lines of each project, in their order. */
export function byProject(lines: readonly BillingLine[]): ProjectLines[] {
  const groups: (ProjectLines & { id: string })[] = [];
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
