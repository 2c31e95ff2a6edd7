import { coloursFor } from '../../terminal/colour';
import { widthOf } from '../../terminal/width';
import { renderItem, type ViewedItem } from './render-item';

const now = new Date('2026-07-01T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const HOSTILE = `x\x1b[2J\x1b]0;t\x07\x9b5A\u202ey${' long'.repeat(30)}`;

const view = {
  project: 'shop',
  item: {
    number: '2.5',
    title: HOSTILE,
    body: `One\n${HOSTILE}`,
    state: 'in_review',
    accepted_at: null,
    branch: `roadmap/2.5-${'very-'.repeat(10)}long`,
    commit_hash: 'abcdef0123456789',
    feedback: 'Also in French',
    updated_at: before(60),
  },
  attempts: [
    {
      attempt: 2,
      outcome: 'review',
      agent: HOSTILE,
      started_at: before(300),
      ended_at: before(60),
      cost_usd: '0.420000',
      as_reported: false,
      diff_stat: { files: 1, insertions: 20, deletions: 4 },
      reason: HOSTILE,
    },
    {
      attempt: 1,
      outcome: 'no_change',
      agent: 'claude',
      started_at: before(900),
      ended_at: before(600),
      cost_usd: '0.001000',
      as_reported: true,
      diff_stat: 'nonsense',
      reason: null,
    },
  ],
  steps: [{ at: before(61), kind: 'tool', summary: HOSTILE }],
  questions: [],
} as unknown as ViewedItem;

it.each([true, false])('obeys nothing, and its tables fit; on a terminal: %s', (isTTY) => {
  const text = renderItem({ colours: coloursFor({ isTTY }, {}), width: 80 }, view, now);
  const shown = text.replace(/\x1b\[[0-9;]*m/g, '');
  expect(shown).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  const tables = shown.slice(shown.indexOf('Attempts'), shown.indexOf('\n\nxy'));
  for (const line of tables.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
});

it('shows attempts, what they changed and cost, and what may be done now', () => {
  const text = renderItem({ colours: coloursFor({ isTTY: false }, {}), width: 80 }, view, now);
  expect(text).toMatch(/^2\.5\. x.*\n◆ in review · shop\nroadmap/);
  expect(text).toMatch(/ 2 {2}review .* 5 min ago +4m 0s +\$0\.42 {2}1 file \+20 −4/);
  expect(text).toMatch(/ 1 {2}no change .* <\$0\.01\*/);
  expect(text).toContain('as the agent reported it');
  expect(text).toContain('Also in French');
  expect(text).toContain('coffee-roadmap roadmap accept 2.5\n');
});
