import {
  KEY_OF,
  totalOf,
  type Grouping,
  type UsageRow,
  type UsageSums,
} from '@coffee-roadmap/shared/usage/groupings';
import { renderCsv } from '../../terminal/csv';

/** Tokens are counts; cost_usd holds what has a price, unpriced_calls says how many calls have none. */
function figures(sums: UsageSums) {
  return {
    calls: sums.calls,
    input_tokens: sums.input_tokens,
    output_tokens: sums.output_tokens,
    cache_creation_tokens: sums.cache_creation_tokens,
    cache_read_tokens: sums.cache_read_tokens,
    cost_usd: Number(sums.cost_nanos) / 1e9,
    unpriced_calls: sums.unpriced_calls,
  };
}

function describe(grouping: Grouping, row: UsageRow): Record<string, unknown> {
  const named: Record<string, unknown> = { [KEY_OF[grouping]]: row.key };
  if (grouping === 'machine') named.label = row.label;
  if (grouping === 'session') {
    named.project = row.label;
    named.last_activity = row.last_at;
  }
  return named;
}

/** `{daily: [{date, …, models: […]}], totals}`, and alike for the other groupings. */
export function usageDocument(grouping: Grouping, rows: readonly UsageRow[]): object {
  return {
    [grouping]: rows.map((row) => ({
      ...describe(grouping, row),
      ...figures(row),
      models: row.models.map((part) => ({ model: part.model, ...figures(part) })),
    })),
    totals: figures(totalOf(rows)),
  };
}

/** One line for each group and model. */
export function usageCsv(grouping: Grouping, rows: readonly UsageRow[]): string {
  const titles = Object.keys(figures(totalOf([])));
  return renderCsv(
    [KEY_OF[grouping], 'model', ...titles],
    rows.flatMap((row) =>
      row.models.map((part) => [row.key, part.model, ...Object.values(figures(part))]),
    ),
  );
}
