import {
  byProject,
  formatHours,
  totalsOf,
  type BillingReport,
  type BudgetUse,
} from '@coffee-roadmap/shared/billing/report';
import type { BillingLine } from '@coffee-roadmap/shared/billing/queries';
import type { Output } from '../../output';
import { renderCsv } from '../../terminal/csv';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable, type Cell } from '../../terminal/table';
import { shortRate } from '../rates/rates';

export function renderBilling(
  out: Pick<Output, 'colours' | 'width'>,
  report: BillingReport,
  titles: ReadonlyMap<string, string> = new Map(),
): string {
  const { bold, dim } = out.colours;
  if (report.lines.length === 0) return 'Nothing was published. coffee-roadmap publish --check';
  const columns = [
    { title: 'PERSON', flexible: true, min: 10 },
    { title: 'WHAT', flexible: true, min: 10 },
    { title: 'MEASURED', align: 'right' as const },
    { title: 'BILLED', align: 'right' as const },
    { title: 'RATE', align: 'right' as const },
    { title: 'AMOUNT', align: 'right' as const },
  ];
  const parts = byProject(report.lines).map(({ client, project, lines }) => {
    const [first] = lines as [BillingLine];
    const of = client === '' ? '' : ` for ${stripEscapes(client)}`;
    const rounded = first.rounding === 'none' ? '' : `, rounded ${first.rounding}`;
    const title = `${bold(project)}${of} ${dim(`(${first.currency}${rounded})`)}`;
    const sum = totalsOf(lines)[0]?.amount ?? '';
    const rows = [...lines.map((line) => rowOf(line, titles)), ['', '', '', '', '', sum]];
    const table = renderTable(columns, rows, { width: out.width, paintTitle: dim });
    const use = report.budgets.find(({ project_id: id }) => id === first.project_id);
    return [title, table, ...(use === undefined ? [] : [budgetLine(use)])].join('\n');
  });
  for (const { currency, amount } of report.totals) {
    parts.push(bold(`Total ${amount} ${currency}`));
  }
  if (report.exchange !== null) {
    parts.push(`1 USD is ${report.exchange.rate} (${stripEscapes(report.exchange.name)}).`);
  }
  if (report.unpriced_lines > 0) {
    parts.push(
      `${report.unpriced_lines} without an amount: set a rate (rates set) or name --exchange.`,
    );
  }
  return parts.join('\n\n');
}

function budgetLine({ amount, budget, currency }: BudgetUse): string {
  const of = `the budget of ${budget} ${currency}`;
  if (Number(budget) === 0) return `${amount} of ${of}`;
  const share = (Number(amount) * 100) / Number(budget);
  return `${share.toFixed(1)} % of ${of}${share > 100 ? ': more than it allows' : ''}`;
}

function rowOf(line: BillingLine, titles: ReadonlyMap<string, string>): Cell[] {
  const amount = line.amount ?? '?';
  if (line.kind === 'ai') {
    const markup = Number(line.markup_percent ?? 0);
    const rate = `${line.cost_usd.replace(/(\.\d{4})\d+$/, '$1')} USD${markup > 0 ? ` +${markup} %` : ''}`;
    return [line.person, line.model, '', '', rate, amount];
  }
  const what = [line.issue, titles.get(line.issue), line.kind === 'delegated' ? 'agents' : '']
    .filter(Boolean)
    .join(' ');
  return [
    ...[line.person, what, formatHours(line.measured_seconds), formatHours(line.billed_seconds)],
    ...[line.per_hour === null ? '?' : shortRate(line.per_hour), amount],
  ];
}

const CSV_COLUMNS = [
  ...['client', 'project', 'person', 'month', 'issue', 'kind', 'model', 'measured_seconds'],
  ...['billed_seconds', 'rounding', 'per_hour', 'sessions', 'issues', 'input_tokens'],
  ...['output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cost_usd', 'unpriced_calls'],
  ...['markup_percent', 'amount', 'currency'],
] as const satisfies readonly (keyof BillingLine)[];

/** One row a line, with everything that a line has but ids. */
export function billingCsv({ lines }: BillingReport): string {
  return renderCsv(
    CSV_COLUMNS,
    lines.map((line) => CSV_COLUMNS.map((column) => line[column])),
  );
}
