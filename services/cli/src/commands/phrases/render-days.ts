import { addUp, patternsIn, type PhraseDay } from '@coffee-roadmap/shared/phrases/days';
import type { Output } from '../../output';
import { renderTable } from '../../terminal/table';
import { FIRST } from './display-names';

/** More columns do not fit; the rest is in --csv and --json. */
const MOST_PATTERNS = 5;

/** A line a day (or week, or machine) with the most frequent patterns, and their sum. */
export function renderDays(
  out: Output,
  history: readonly PhraseDay[],
  title = history[0]?.day.includes('W') === true ? 'WEEK' : 'DAY',
): string {
  if (history.length === 0)
    return 'Nothing is counted yet. coffee-roadmap push sends what was collected here.';
  const total = history.reduce(addUp, { day: 'total', total_messages: 0 });
  const all = patternsIn(history, FIRST);
  const often = [...all].sort((a, b) => Number(total[b] ?? 0) - Number(total[a] ?? 0));
  const shown = all.filter((name) => often.slice(0, MOST_PATTERNS).includes(name));
  const cells = (entry: PhraseDay) => [
    entry.day,
    ...shown.map((name) => Number(entry[name] ?? 0)),
    entry.total_messages,
  ];
  const table = renderTable(
    [
      { title, flexible: title === 'MACHINE', min: 10, paint: out.colours.bold },
      ...shown.map((name) => ({
        title: name.toUpperCase(),
        align: 'right' as const,
        flexible: true,
      })),
      { title: 'MESSAGES', align: 'right' },
    ],
    [...history, total].map(cells),
    { width: out.width, paintTitle: out.colours.dim },
  );
  const left = all.length - shown.length;
  return left === 0 ? table : `${table}\n\n${left} more in --csv and --json.`;
}
