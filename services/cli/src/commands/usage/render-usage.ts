import {
  tokensOf,
  totalOf,
  type Grouping,
  type UsageRow,
  type UsageSums,
} from '@coffee-roadmap/shared/usage/groupings';
import type { Output } from '../../output';
import { renderBars } from '../../terminal/bars';
import { shortCount, usd } from '../../terminal/figures';
import { renderTable, type Cell } from '../../terminal/table';

const TITLES: Record<Grouping, string> = {
  daily: 'DAY',
  weekly: 'WEEK OF',
  monthly: 'MONTH',
  session: 'SESSION',
  project: 'PROJECT',
  model: 'MODEL',
  machine: 'MACHINE',
  branch: 'BRANCH',
};
/** More bars say less. */
const MOST_BARS = 31;

export function renderUsage(
  out: Output,
  grouping: Grouping,
  rows: readonly UsageRow[],
  settings: { breakdown: boolean },
): string {
  if (rows.length === 0)
    return 'Nothing is recorded in that time. coffee-roadmap push sends what was collected here.';
  const withModels = grouping !== 'model';
  const line = (first: string, models: string, sums: UsageSums): Cell[] => [
    first,
    ...(withModels ? [models] : []),
    shortCount(sums.input_tokens),
    shortCount(sums.output_tokens),
    shortCount(sums.cache_creation_tokens),
    shortCount(sums.cache_read_tokens),
    shortCount(tokensOf(sums)),
    sums.unpriced_calls > 0 ? `${usd(sums.cost_nanos)}*` : `${usd(sums.cost_nanos)} `,
  ];
  const cells = rows.flatMap((row) => [
    line(nameOf(grouping, row), modelNames(row), row),
    ...(settings.breakdown && withModels
      ? row.models.map((part) => line(`└ ${shortModel(part.model)}`, '', part))
      : []),
  ]);
  const total = totalOf(rows);
  const table = renderTable(
    [
      { title: TITLES[grouping], flexible: true, min: 10, paint: out.colours.bold },
      ...(withModels ? [{ title: 'MODELS', flexible: true, min: 6 }] : []),
      ...['INPUT', 'OUTPUT', 'CACHE+', 'CACHED', 'TOKENS', 'COST '].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    [...cells, line('total', '', total)],
    { width: out.width, paintTitle: out.colours.dim },
  );
  return [table, '', chart(out, grouping, rows), ...notes(total)].join('\n');
}

function chart(out: Output, grouping: Grouping, rows: readonly UsageRow[]): string {
  const byTime = ['daily', 'weekly', 'monthly'].includes(grouping);
  const shown = byTime ? rows.slice(-MOST_BARS) : rows.slice(0, MOST_BARS);
  const priced = shown.some((row) => row.cost_nanos > 0n);
  return renderBars(
    shown.map((row) => ({
      label: nameOf(grouping, row),
      value: priced ? Number(row.cost_nanos) : tokensOf(row),
      text: priced ? usd(row.cost_nanos) : shortCount(tokensOf(row)),
    })),
    { width: out.width, paint: out.colours.cyan },
  );
}

function notes({ unpriced_calls }: UsageSums): string[] {
  if (unpriced_calls === 0) return [];
  const calls = unpriced_calls === 1 ? '1 call' : `${shortCount(unpriced_calls)} calls`;
  return ['', `* ${calls} without a known price: their tokens count, their cost does not.`];
}

function nameOf(grouping: Grouping, { key, label }: UsageRow): string {
  if (key === '') return '(none)';
  if (grouping === 'machine') return label ?? key.slice(0, 8);
  if (grouping === 'session') return key.slice(0, 8);
  if (grouping === 'project') return key.split(/[/\\]/).filter(Boolean).slice(-2).join('/') || key;
  return key;
}

/** `claude-opus-4-5-20251101` is known well enough as opus-4-5. */
function shortModel(model: string): string {
  return model === '' ? '(none)' : model.replace(/^claude-/, '').replace(/-20\d{6}$/, '');
}

function modelNames(row: UsageRow): string {
  const real = row.models.filter(({ model }) => model !== '<synthetic>');
  return real.map(({ model }) => shortModel(model)).join(', ');
}
