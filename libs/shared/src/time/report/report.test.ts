import fc from 'fast-check';
import type { Interval } from '../intervals/interval';
import { periodOf } from '../periods/period';
import { Zone } from '../periods/zone';
import { buildReport, type ReportInput } from './build-report';
import { detailRows } from './detail-rows';
import { reportDocument } from './report-document';

const HOUR = 3_600_000;
const period = periodOf('week', '2026-11-18', Zone.of('Europe/Berlin'));
const interval = (fromHour: number, hours: number, more: Partial<Interval> = {}): Interval => ({
  from: period.from + fromHour * HOUR,
  to: period.from + (fromHour + hours) * HOUR,
  by: 'focus',
  stream: null,
  issue: null,
  machine: 'm',
  session: null,
  ...more,
});
const streams = new Map([
  ['1', { name: 'shop', tags: ['acme', 'web'], project: 'shop' }],
  ['2', { name: 'api', tags: ['acme'], project: null }],
  ['3', { name: 'talk', tags: [], project: null }],
]);
const session = (id: string, fromHour: number, hours: number) => ({
  session: id,
  source: 'claude',
  type: 'user' as const,
  from: period.from + fromHour * HOUR,
  to: period.from + (fromHour + hours) * HOUR,
  startingPrompt: null,
});
const agent = (stream: string | null) => ({ by: 'agent' as const, stream, session: 's' });
const input: ReportInput = {
  period,
  generatedAt: new Date(period.to),
  intervals: [
    interval(-1, 2, { stream: '1' }),
    interval(9, 2, { stream: '2' }),
    interval(9, 1, agent('1')),
    interval(9, 1, { ...agent('1'), session: 't' }),
    interval(23, 2, { stream: '3' }),
    interval(40, 1, { by: 'timer', issue: 'local:42' }),
    interval(7 * 24 - 1, 2, agent(null)),
  ],
  streams,
  sessions: [session('s', -5, 2), session('t', -1, 3), session('u', 5, 1)],
};

it('counts a stream in full under each tag, and once in the totals', () => {
  const report = buildReport(input);
  expect(
    report.byTag.map(({ tag, directMs, delegatedMs }) => [
      tag,
      directMs / HOUR,
      delegatedMs / HOUR,
    ]),
  ).toEqual([
    ['acme', 3, 2],
    ['web', 1, 2],
  ]);
  expect(report.untagged).toMatchObject({ directMs: 2 * HOUR, delegatedMs: 0 });
  expect(report.unassigned).toEqual({ directMs: HOUR, delegatedMs: HOUR });
  expect(report.totals).toEqual({
    directMs: 6 * HOUR,
    delegatedMs: 3 * HOUR,
    trackedMs: 7 * HOUR,
    streamCount: 3,
  });
});

it('takes of what reaches over the edges only what lies within', () => {
  const { byDay, sessions } = buildReport(input);
  expect(
    byDay.map(({ date, directMs, delegatedMs }) => [
      date.slice(8),
      (directMs + delegatedMs) / HOUR,
    ]),
  ).toEqual([
    ['16', 6],
    ['17', 2],
    ['18', 0],
    ['19', 0],
    ['20', 0],
    ['21', 0],
    ['22', 1],
  ]);
  expect(sessions.total).toBe(2);
  expect(sessions.top.map(({ session, durationMs }) => [session, durationMs / HOUR])).toEqual([
    ['t', 2],
    ['u', 1],
  ]);
});

it('counts nothing that lies after the moment it is made', () => {
  const report = buildReport({ ...input, generatedAt: new Date(period.from + 10 * HOUR) });
  expect(report.totals).toMatchObject({
    directMs: 2 * HOUR,
    delegatedMs: 2 * HOUR,
    trackedMs: 2 * HOUR,
  });
});

it('has the shape that scripts know', () => {
  const document = reportDocument(buildReport(input)) as Record<string, unknown>;
  expect(document).toMatchObject({
    timezone: 'Europe/Berlin',
    week_start_day: 'monday',
    period: {
      type: 'week',
      key: '2026-W47',
      start: '2026-11-16',
      end: '2026-11-22',
      starts_at: '2026-11-15T23:00:00.000Z',
      ends_at: '2026-11-22T23:00:00.000Z',
    },
    agent_sessions: { total: 2, by_source: { claude: 2 }, by_type: { user: 2 } },
    totals: {
      time_direct_ms: 6 * HOUR,
      time_delegated_ms: 3 * HOUR,
      time_tracked_ms: 7 * HOUR,
      stream_count: 3,
      unassigned_direct_ms: HOUR,
      unassigned_delegated_ms: HOUR,
    },
  });
  expect(document.by_issue).toEqual([
    { issue: 'local:42', title: null, time_direct_ms: HOUR, time_delegated_ms: 0 },
  ]);
  expect(JSON.stringify(document)).not.toMatch(/"[a-z]+[A-Z]\w*":/);
});

it('adds up the same by stream, project, day and in the time sheet', () => {
  const intervals = fc.array(
    fc
      .record({
        from: fc.integer({ min: -40, max: 200 }),
        length: fc.integer({ min: 1, max: 30 }),
        stream: fc.constantFrom('1', '2', '3', 'gone', null),
        by: fc.constantFrom('focus' as const, 'agent' as const),
        issue: fc.constantFrom('local:1', null),
      })
      .map(({ from, length, ...rest }) => interval(from, length, rest)),
  );
  fc.assert(
    fc.property(intervals, (list) => {
      const report = buildReport({ ...input, intervals: list });
      const sum = (lines: readonly { directMs: number; delegatedMs: number }[]) => [
        lines.reduce((ms, line) => ms + line.directMs, 0),
        lines.reduce((ms, line) => ms + line.delegatedMs, 0),
      ];
      const totals = sum([report.totals]);
      expect(sum([...report.streams, report.unassigned])).toEqual(totals);
      expect(sum(report.byProject)).toEqual(totals);
      expect(sum(report.byDay)).toEqual(totals);
      const sheet = detailRows(list, period, streams).map((row) => ({
        directMs: row.time_direct_ms,
        delegatedMs: row.time_delegated_ms,
      }));
      expect(sum(sheet)).toEqual(totals);
      expect(report.totals.trackedMs).toBeLessThanOrEqual(totals[0]! + totals[1]!);
    }),
  );
});

it('writes a time sheet by day, stream and issue', () => {
  const rows = detailRows(input.intervals, period, streams);
  expect(rows.map(({ date, stream, issue }) => `${date.slice(8)} ${stream} ${issue}`)).toEqual([
    '16 api null',
    '16 shop null',
    '16 talk null',
    '17 null local:42',
    '17 talk null',
    '22 null null',
  ]);
});
