import { buildReport } from '@coffee-roadmap/shared/time/report/build-report';
import { customPeriod, periodOf } from '@coffee-roadmap/shared/time/periods/period';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import { coloursFor } from '../../terminal/colour';
import { widthOf } from '../../terminal/width';
import { renderReport } from './render-report';

const HOUR = 3_600_000;
const zone = Zone.of('Europe/Berlin');
const week = periodOf('week', '2026-11-18', zone);
const HOSTILE = `x\x1b[2J\x1b]0;t\x07\x9b5A\u202ey${' long'.repeat(30)}`;
const interval = (fromHour: number, hours: number, more: object) => ({
  from: week.from + fromHour * HOUR,
  to: week.from + (fromHour + hours) * HOUR,
  by: 'focus' as const,
  stream: null,
  issue: null,
  machine: 'm',
  session: null,
  ...more,
});
const input = {
  period: week,
  generatedAt: new Date(week.to),
  intervals: [
    interval(9, 3, { stream: '1' }),
    interval(12, 1, { stream: '2' }),
    interval(33, 2.5, { stream: '1' }),
    interval(9, 5, { stream: '1', by: 'agent', session: 's' }),
    interval(60, 1, {}),
    interval(61, 0.5, { by: 'timer', issue: `local:${HOSTILE}` }),
    ...Array.from({ length: 12 }, (_, i) => interval(80 + i, 0.1, { stream: `small-${i}` })),
  ],
  streams: new Map([
    ['1', { name: 'shop', tags: ['acme', HOSTILE], project: 'shop' }],
    ['2', { name: HOSTILE, tags: [], project: HOSTILE }],
  ]),
  sessions: Array.from({ length: 7 }, (_, i) => ({
    session: `5f2a9c1${i}-0000`,
    source: 'claude',
    type: i % 2 === 0 ? ('user' as const) : ('subagent' as const),
    from: week.from + 9 * HOUR,
    to: week.from + (10 + i) * HOUR,
    startingPrompt: i === 6 ? HOSTILE : null,
  })),
  cutTimers: [
    { issue: 'local:7', at: new Date('2026-11-18T20:00:00Z') },
    { issue: `local:${HOSTILE}`, at: new Date('2026-11-19T20:00:00Z') },
  ],
};
const paper = (isTTY: boolean, width = 80) => ({ colours: coloursFor({ isTTY }, {}), width });
const SGR = /\x1b\[[0-9;]*m/g;

it.each([
  [true, 80],
  [false, 80],
  [false, 60],
])('fits and obeys nothing, on a terminal: %s, in %d columns', (isTTY, width) => {
  const text = renderReport(paper(isTTY, width), buildReport(input));
  expect(SGR.test(text)).toBe(isTTY);
  const shown = text.replace(SGR, '');
  expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

it('shows own time and agents’ apart, what is not assigned, and what to do about it', () => {
  const text = renderReport(paper(false), buildReport(input));
  expect(text).toContain('Time report: week of Nov 16, 2026 (Europe/Berlin)');
  expect(text).toMatch(/ {2}acme +█+[▏▎▍▌▋▊▉]? +5h 30m \+ +5h 0m agents/);
  expect(text).toMatch(/ {2}\(unassigned\) +█*[▏▎▍▌▋▊▉]? +1h 30m *\n/);
  expect(text).toContain('1h 30m unassigned: coffee-roadmap classify');
  expect(text).toMatch(/\d+h \d+m in no project: coffee-roadmap projects link/);
  expect(text).toContain('local:7 ran till its limit, Nov 18, 21:00; coffee-roadmap log mends it');
  expect(text).toContain('and 4 more');
  expect(text).toMatch(/Own time +9h 12m +65 %/);
});

it('says so where there is nothing', () => {
  const nothing = { ...input, intervals: [], sessions: [] };
  const told = (period: typeof week, generatedAt: Date) =>
    renderReport(paper(false), buildReport({ ...nothing, period, generatedAt }));
  expect(told(week, new Date(week.to - 1))).toContain('No events recorded this week.');
  expect(told(week, new Date(week.to))).toContain('No events recorded in this time.');
  const day = periodOf('day', '2026-11-18', zone);
  expect(told(day, new Date(day.from))).toContain('Time report: Wednesday, Nov 18, 2026');
  expect(told(day, new Date(day.from))).toContain('No events recorded today.');
  expect(told(customPeriod('2026-11-01', '2026-11-16', zone), new Date())).toContain(
    'Nov 1, 2026 to Nov 15, 2026',
  );
});
