import type { PeriodOutcome } from '@coffee-roadmap/shared/publishing/publish';
import type { SummaryLine } from '@coffee-roadmap/shared/publishing/summarise';
import { renderOutcome } from './render-outcome';

const line = { project: 'p', issue: '', kind: 'time', billed_seconds: 5400, cost_nanos: 0 };
const period = (
  name: string,
  outcome: PeriodOutcome['outcome'],
  lines: object[] = [],
): PeriodOutcome => ({
  ...{ period: name, first_day: name.slice(0, 10), outcome, version: 1 },
  lines: lines as SummaryLine[],
});
const plain = (text: string): string => text;

it('tells periods without anything that follow each other in one row', () => {
  const periods = [
    period('2026-09', 'published'),
    period('2026-10-26..2026-10-31', 'published'),
    period('2026-11-01', 'published'),
    period('2026-11-02', 'unchanged'),
    period('2026-11-03', 'published', [line]),
    period('2026-11-04', 'published'),
    period('2026-11-05..2026-11-08', 'published'),
  ];
  const text = renderOutcome(
    { colours: { bold: plain, dim: plain } as never, width: 80 },
    { teams: [{ team: 'us', team_id: 't', periods }], ambiguous: [], unmapped: [] },
    new Map([['p', 'shop']]),
  );
  expect(text.split('\n').map((row) => row.trimEnd().replace(/ {2,}/g, ' | '))).toEqual([
    'Team us',
    'PERIOD | PROJECT | HOURS | AGENTS | AI',
    '2026-09 to 2026-11-01 | nothing | 0.00 | published',
    '2026-11-02 | nothing | 0.00 | as before',
    '2026-11-03 | shop | 1.50 | published',
    '2026-11-04 to 2026-11-08 | nothing | 0.00 | published',
  ]);
  expect(Math.max(...text.split('\n').map((row) => row.length))).toBeLessThanOrEqual(80);
});
