import fc from 'fast-check';
import { allocate } from '../time/allocation/allocate';
import { eventLists } from '../time/allocation/event-arbitraries';
import type { Interval } from '../time/intervals/interval';
import { totalLength, unionLength } from '../time/intervals/measure';
import { clip } from '../time/intervals/cut';
import { Zone } from '../time/periods/zone';
import { matchStreams, projectOfFolder, type ProjectLink } from './match-links';
import { nameOfPeriod, publishedPeriods, type Granularity } from './periods';
import { summarise, type BilledProject, type SummaryLine } from './summarise';

const SECOND = 1000;
const DAY = 86_400_000;
const UTC = Zone.of('UTC');
const RULES = {
  ...{ attentionWindow: 6 * SECOND, agentGap: 20 * SECOND },
  ...{ timerLimit: 40 * SECOND, forgetAfter: 12 * SECOND },
};

const project = (id: string, more: Partial<BilledProject> = {}): BilledProject => ({
  ...{ id, rounding: { per: 'none' }, delegated: true, aiCost: false },
  ...more,
});
const byId = (...projects: BilledProject[]) => new Map(projects.map((one) => [one.id, one]));
const interval = (from: number, to: number, more: Partial<Interval> = {}): Interval => ({
  ...{ from: from * SECOND, to: to * SECOND, by: 'focus', stream: 's', issue: null },
  ...{ machine: 'm', session: null },
  ...more,
});
const facts = (intervals: Interval[], billed: BilledProject, perIssue = false) => ({
  ...{ span: { from: 0, to: DAY }, zone: UTC, perIssue, intervals, models: [] },
  ...{ projectOf: new Map([['s', billed.id]]), projects: byId(billed) },
});

it('bills no moment of a person twice, whatever events there are and whoever they belong to', () => {
  const lists = eventLists({ steps: 300, stepMs: SECOND, origin: DAY - 150 * SECOND });
  const home = fc.constantFrom('p', 'q', undefined);
  const homes = fc.record({ red: home, blue: home });
  fc.assert(
    fc.property(lists, homes, fc.boolean(), (events, home, perIssue) => {
      const { direct, delegated } = allocate(events, DAY + 150 * SECOND, RULES);
      const projectOf = new Map(
        Object.entries(home).flatMap(([stream, id]) => (id === undefined ? [] : [[stream, id]])),
      );
      const mine = ({ stream }: Interval): boolean => stream !== null && projectOf.has(stream);
      const days = [0, 1].map((n) => ({ from: n * DAY, to: (n + 1) * DAY }));
      for (const span of days) {
        const lines = summarise({
          ...{ span, zone: UTC, perIssue, intervals: [...direct, ...delegated], models: [] },
          ...{ projectOf, projects: byId(project('p'), project('q')) },
        });
        const sum = (kind: SummaryLine['kind']): number =>
          lines
            .filter((line) => line.kind === kind)
            .reduce((n, line) => n + line.measured_seconds, 0);
        const own = clip(direct.filter(mine), span);
        expect(unionLength(own)).toBe(totalLength(own));
        expect(sum('time') * SECOND).toBeLessThanOrEqual(unionLength(own));
        expect(sum('time') * SECOND).toBeGreaterThan(unionLength(own) - lines.length * SECOND - 1);
        const agents = totalLength(clip(delegated.filter(mine), span));
        expect(sum('delegated') * SECOND).toBeLessThanOrEqual(agents);
        expect(sum('delegated') * SECOND).toBeGreaterThan(agents - lines.length * SECOND - 1);
      }
    }),
    { numRuns: 300 },
  );
});

it('publishes a timer’s time under its issue, where the team wants issues', () => {
  const lines = summarise(
    facts(
      [interval(0, 60, { by: 'timer', issue: 'local:7' }), interval(60, 90)],
      project('p'),
      true,
    ),
  );
  expect(lines.map(({ issue, measured_seconds: s }) => [issue, s])).toEqual([
    ['', 30],
    ['local:7', 60],
  ]);
});

it('tells numbers alone: no folder, no session, no time of day', () => {
  const [, line] = summarise(
    facts(
      [
        interval(0, 60, { issue: 'github:9', session: null }),
        interval(60, 99, { by: 'agent', session: 'x' }),
      ],
      project('p'),
    ),
  );
  expect(line).toEqual({
    ...{
      project: 'p',
      issue: '',
      kind: 'time',
      model: '',
      measured_seconds: 60,
      billed_seconds: 60,
    },
    ...{ sessions: 1, issues: 1, input_tokens: 0, output_tokens: 0, cache_read_tokens: 0 },
    ...{ cache_write_tokens: 0, cost_nanos: 0, unpriced_calls: 0 },
  });
});

it.each([
  ['entry', 5, 900],
  ['day', 5, 600],
  ['month', 15, 540],
  ['none', 1, 540],
] as const)('rounds up for each %s to %d minutes', (per, minutes, billed) => {
  // Two entries of 4 and 5 minutes; the first has two parts that touch.
  const intervals = [interval(0, 120), interval(120, 240, { by: 'timer' }), interval(1000, 1300)];
  const rounding = per === 'none' ? { per } : { per, minutes };
  const [line] = summarise(facts(intervals, project('p', { rounding })));
  expect(line).toMatchObject({
    measured_seconds: 540,
    billed_seconds: per === 'entry' ? 600 : billed,
  });
});

it('bills nothing for less than a second, which nobody measured', () => {
  const blink = { ...interval(0, 1), to: interval(0, 1).from + 999 };
  const rounding = { per: 'day', minutes: 15 } as const;
  const [line] = summarise(facts([blink], project('p', { rounding })));
  expect(line).toMatchObject({ measured_seconds: 0, billed_seconds: 0 });
});

it('says nothing of what a project does not bill or pass on', () => {
  const use = {
    ...{ project: 'p', model: 'm', input_tokens: 1, output_tokens: 2, cache_read_tokens: 3 },
    ...{ cache_write_tokens: 4, cost_nanos: 5, unpriced_calls: 0 },
  };
  const agent = interval(0, 60, { by: 'agent', session: 'x' });
  const kinds = (billed: BilledProject): string[] =>
    summarise({ ...facts([agent], billed), models: [use] }).map(({ kind }) => kind);
  expect(kinds(project('p', { delegated: false }))).toEqual(['time']);
  expect(kinds(project('p', { aiCost: true }))).toEqual(['ai', 'delegated', 'time']);
});

describe('links', () => {
  const link = (kind: ProjectLink['kind'], value: string, project_id: string): ProjectLink => ({
    ...{ kind, value, project_id },
  });
  const stream = {
    id: '4',
    remote: 'github.com/us/shop',
    folders: ['/w/shop/api'],
    tags: ['acme'],
  };
  const found = (links: ProjectLink[]) => matchStreams([stream], links);

  it('count from the stream itself down to its folders', () => {
    const all = [
      link('folder', '/w/shop', 'f'),
      link('remote', 'github.com/us/shop', 'r'),
      link('tag', 'acme', 't'),
      link('stream', '4', 's'),
    ];
    for (const [n, project] of ['f', 'r', 't', 's'].entries()) {
      expect(found(all.slice(0, n + 1)).projects.get('4')).toBe(project);
    }
    expect(found([]).projects.size).toBe(0);
  });

  it('that name two projects name none', () => {
    const two = { ...stream, tags: ['acme', 'blue'] };
    const { projects, ambiguous } = matchStreams(
      [two],
      [link('tag', 'acme', 'p'), link('tag', 'blue', 'q')],
    );
    expect([projects.size, ambiguous]).toEqual([0, ['4']]);
  });

  it('of folders mean what is within them, the deepest first', () => {
    const links = [link('folder', '/w', 'a'), link('folder', '/w/shop', 'b')];
    expect(projectOfFolder('/w/shop/api', links)).toBe('b');
    expect(projectOfFolder('/w/shopping', links)).toBe('a');
    expect(projectOfFolder('/other', links)).toBeUndefined();
  });
});

it('cuts weeks where months end, so that a month is a whole number of periods', () => {
  const weekly: Granularity = {
    from_month: '2026-09-01',
    period: 'week',
    per: 'project',
    zone: 'UTC',
  };
  const daily: Granularity = { ...weekly, from_month: '2026-11-01', period: 'day' };
  const names = publishedPeriods([weekly, daily], '2026-08-31', '2026-11-01').map(nameOfPeriod);
  expect(names).toEqual([
    ...['2026-08', '2026-09-01..2026-09-06', '2026-W37', '2026-W38', '2026-W39'],
    ...['2026-09-28..2026-09-30', '2026-10-01..2026-10-04', '2026-W41', '2026-W42', '2026-W43'],
    ...['2026-10-26..2026-10-31', '2026-11-01'],
  ]);
});
