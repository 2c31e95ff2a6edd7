import { coloursFor } from '../../terminal/colour';
import { widthOf } from '../../terminal/width';
import type { Overview } from './overview';
import { renderOverview } from './render-overview';

const now = new Date('2026-07-01T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const HOSTILE = `x\x1b[2J\x1b]0;t\x07\x9b5A\u202ey${' long'.repeat(30)}`;

const overview = {
  me: { id: 'a', name: HOSTILE, admin: true, teams: ['team', HOSTILE] },
  database: { host: 'db.example', port: 5432, name: 'coffee', embedded: false },
  daemons: [
    {
      name: 'builder',
      live: true,
      state: 'working',
      project: 'shop',
      number: '2.5',
      title: HOSTILE,
      attempt: 1,
      paused_at: null,
      isolated: false,
      isolation: HOSTILE,
      agents: [{ name: 'claude', available: false, reason: HOSTILE }],
      note: null,
      heartbeat_at: before(3),
    },
    { name: 'old', live: false, state: 'working', agents: [], heartbeat_at: before(4000) },
  ],
  questions: Array.from({ length: 7 }, (_, i) => ({
    id: i + 1,
    title: HOSTILE,
    project: 'shop',
    number: '2.5',
    created_at: before(180),
  })),
  projects: [
    {
      name: HOSTILE,
      agent: 'claude',
      items: { planned: 1000, in_progress: 1, in_review: 2, blocked: 3, done: 40_000 },
      spent_today_usd: '12.340000',
      budget_day_usd: '20.0000',
    },
    { name: 'web', agent: 'claude', items: {}, spent_today_usd: '0', budget_day_usd: null },
    { name: 'app', items: { planned: 1 }, spent_today_usd: '5.1', budget_day_usd: '5' },
  ],
  machines: {
    database: { host: HOSTILE, port: 5433, name: 'own', problem: HOSTILE },
    roads: [
      {
        ...{ machine_id: 'a', label: HOSTILE, road: 'ssh', waiting: null, problem: HOSTILE },
        last_success_at: before(240).toISOString(),
      },
      {
        ...{ machine_id: 'b', label: 'desk', road: 'direct', waiting: 1_200, problem: null },
        last_success_at: null,
      },
    ],
  },
} as unknown as Overview;

const paper = (isTTY: boolean) => ({ colours: coloursFor({ isTTY }, {}), width: 80 });
const SGR = /\x1b\[[0-9;]*m/g;

it.each([true, false])('fits 80 columns and obeys nothing, on a terminal: %s', (isTTY) => {
  const text = renderOverview(paper(isTTY), overview, now);
  expect(SGR.test(text)).toBe(isTTY);
  const shown = text.replace(SGR, '');
  expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
});

it('says what waits, what is wrong, and what today has cost', () => {
  const text = renderOverview(paper(false), overview, now);
  expect(text).toContain('  builder  works on shop/2.5 x');
  expect(text).toContain('    ! agent not isolated: x');
  expect(text).toContain('    ! agent claude is missing: x');
  expect(text).toContain('  old  does not report; last seen 1 h ago');
  expect(text).toContain('and 2 more: coffee-roadmap notifications');
  expect(text).toContain('$12.34 of $20.00');
  expect(text).toMatch(/ssh +4 min ago/);
  expect(text).toMatch(/desk +direct +never +1,?200 records/);
  expect(text).toContain('  ! x');
  expect(text).toContain('  ! your own database own at x');
  expect(text).toContain('2 in review: ');
  expect(text.match(/.* goes on at midnight UTC.*/g)).toEqual([
    '  app goes on at midnight UTC: today’s budget is spent',
  ]);
});

it('tells a newcomer what comes first', () => {
  const empty = {
    ...overview,
    daemons: [],
    questions: [],
    projects: [],
    machines: { roads: [], database: null },
  };
  const text = renderOverview(paper(false), empty, now);
  expect(text).toContain('none has reported yet; npm start runs one');
  expect(text).toContain('no project yet: coffee-roadmap projects add NAME REPOSITORY');
  expect(text).not.toContain('Questions');
  expect(text).not.toContain('Machines');
});
