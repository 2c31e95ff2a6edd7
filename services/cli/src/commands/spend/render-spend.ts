import type { Spend, SpendGroup } from '@coffee-roadmap/shared/spend/queries';
import type { Output } from '../../output';
import { renderBars } from '../../terminal/bars';
import { renderTable } from '../../terminal/table';
import { costOf, count, formatTokens } from '../../words';

const NOTHING: Record<SpendGroup, string> = {
  day: 'no day',
  project: 'no project',
  item: 'no item',
  model: 'no model named',
};

export function renderSpend(
  out: Output,
  by: SpendGroup,
  rows: readonly Spend[],
  total: Omit<Spend, 'label'>,
): string {
  if (rows.length === 0) {
    return 'Nothing was spent in this time.\ncoffee-roadmap spend --since 90d looks further back';
  }
  const { colours, width } = out;
  const labelOf = (row: Spend): string => row.label ?? NOTHING[by];
  const cells = (label: string, row: Omit<Spend, 'label'>) => [
    label,
    formatTokens(row.calls),
    formatTokens(row.input_tokens),
    formatTokens(row.output_tokens),
    formatTokens(row.cache_read_tokens),
    formatTokens(row.cache_write_tokens),
    costOf(row.cost_usd, row.unpriced_calls > 0),
  ];
  const number = (title: string) => ({ title, align: 'right' as const });
  const table = renderTable(
    [
      { title: by.toUpperCase(), flexible: true, min: 12 },
      ...['CALLS', 'INPUT', 'OUTPUT', 'CACHE READ', 'CACHE WRITE', 'COST'].map(number),
    ],
    [...rows.map((row) => cells(labelOf(row), row)), cells('Total', total)],
    { width, paintTitle: colours.dim },
  );
  const bars = renderBars(
    rows.map((row) => ({
      label: labelOf(row),
      value: row.cost_usd,
      text: costOf(row.cost_usd, row.unpriced_calls > 0),
    })),
    { width, paint: colours.cyan },
  );
  const unpriced =
    total.unpriced_calls === 0
      ? []
      : [
          '',
          `${count(total.unpriced_calls, 'call')} of unknown price: not in the cost.`,
          'coffee-roadmap prices import FILE, then coffee-roadmap prices reprice',
        ];
  return [bars, '', table, ...unpriced].join('\n');
}
