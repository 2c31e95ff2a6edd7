import { makeSqlite } from '@coffee-roadmap/shared/move-ins/testing/make-sqlite';
import { COFFEE_MAKER, COFFEE_MAKER_LLM } from '@coffee-roadmap/shared/move-ins/testing/schemas';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MoveReport } from './open-move';
import { createTeam, type Team } from './team';

const HEX = '0123456789abcdef0123456789abcdef';
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

let team: Team;
let project: string;
let folder: string;
beforeAll(async () => {
  team = await createTeam();
  project = await team.project('shop');
  folder = path.join(team.program.folder, 'coffee_maker');
  mkdirSync(path.join(folder, 'data'), { recursive: true });
});
afterAll(() => team.close());

const file = (name: string): string => path.join(folder, 'data', name);
const move = (...args: string[]): Promise<MoveReport> =>
  team.ada.cli.json<MoveReport>(['move-in', 'coffee-maker', folder, ...args]);

const roadmap = (...titles: string[]): string =>
  titles
    .map(
      (title, i) =>
        `### PRIORITY ${i + 1}: ${title}\n\n**Status**: ${i === 1 ? '🔄 In Progress' : '📝 Planned'}\n\n---\n`,
    )
    .join('\n');

const created_at = '2025-10-09 10:00:00.250000';
const notification = (change: Record<string, unknown>): Record<string, unknown> => ({
  ...{ type: 'question', title: 'Implement 3?', message: 'May I?', status: 'responded' },
  ...{ user_response: 'approve', context: '{"priority": "3"}' },
  ...{ created_at: '2025-10-09T10:00:00', updated_at: '2025-10-09T10:05:00' },
  ...change,
});

it('moves traces of both schemas, notifications and the developer’s status into a project, and back out', async () => {
  makeSqlite(file('langfuse_traces.db'), COFFEE_MAKER, {
    traces: [
      { id: UUID, name: 'implement', tags: '["daemon"]', input: '{"a": 1}', created_at },
      { id: 't-2', name: 'no time', created_at: 'yesterday' },
    ],
    generations: [
      {
        ...{ id: 'g-1', trace_id: UUID, name: 'claude', model: 'gpt-4o-mini', created_at },
        ...{ input_tokens: 100, output_tokens: 20, total_cost: 0.5, latency_ms: 1500 },
        ...{ input: 'my key is sk-ant-api03-0123456789abcdefghijklmnop', metadata: '{"n": 1}' },
      },
      { id: 'g-2', trace_id: UUID, model: 'gpt-4o-mini', created_at, level: 'SHOUTING' },
    ],
    spans: [
      { id: 's-1', trace_id: UUID, name: 'git', start_time: created_at, end_time: created_at },
    ],
    notifications: [],
  });
  makeSqlite(file('notifications.db'), COFFEE_MAKER, {
    notifications: [
      notification({}),
      notification({ title: 'Still open?', status: 'pending', user_response: null }),
      notification({ type: 'completion', title: 'Done', user_response: null, context: null }),
      notification({ context: 'not JSON' }),
      notification({ type: 'sermon' }),
    ],
  });
  makeSqlite(file('analytics.db'), COFFEE_MAKER_LLM, {
    // Of the same trace, as the later models kept it.
    llm_traces: [
      { id: 'f'.repeat(32), trace_id: HEX, name: 'implement', tags: '["daemon"]', created_at },
    ],
    llm_generations: [
      {
        ...{ id: 'a'.repeat(32), trace_id: HEX, model: 'gpt-4o', provider: 'openai', created_at },
        ...{ input_tokens: 7, output_tokens: 3, cost_usd: 0.25, latency_seconds: 2, is_primary: 1 },
      },
    ],
    llm_events: [
      {
        ...{ id: 'b'.repeat(32), trace_id: HEX, created_at, event_name: 'rate_limit_fallback' },
        ...{ event_type: 'fallback', fallback_model: 'gpt-4o' },
      },
    ],
  });
  const status = {
    ...{ status: 'working', last_activity: '2025-10-09T11:00:00Z' },
    daemon_info: { pid: 7, started_at: '2025-10-09T09:00:00' },
    activity_log: [
      { timestamp: '2025-10-09T09:01:00', type: 'git_commit', description: 'feat: x', details: {} },
      { timestamp: 'soon', type: 'test_run', description: 'y' },
    ],
  };
  writeFileSync(file('developer_status.json'), JSON.stringify(status));
  writeFileSync(path.join(folder, 'ROADMAP.md'), roadmap('Slack bot', 'Dashboard'));
  const original = readFileSync(file('notifications.db'));

  const trial = await move('--dry-run');
  expect(trial.rows).toMatchObject({
    ...{ read: 18, inserted: 12, refused: 5 },
    reasons: { time: 2, context: 1, kind: 1, bad_field: 1 },
  });
  expect(trial.notes.join()).toMatch(/in ROADMAP.md, but no daemon has them: 2\./);
  expect(trial.refused_rows).toContainEqual({
    row: 'langfuse_traces.db generations row 2: g-2',
    reason: 'body.level has to be one of DEBUG, DEFAULT, WARNING, ERROR',
  });
  const moved = await move('--yes');
  expect(moved).toEqual({ ...trial, dry_run: false, batch: 1 });
  expect(moved.totals.after).toEqual({
    ...{ traces: 2, generations: 2, spans: 1, events: 2, tokens: 130, cost_usd: 0.75 },
    ...{ notifications: 3, answers: 1, priorities: 2 },
  });
  expect(moved.totals.source).toMatchObject({ generations: 2, tokens: 130, cost_usd: 0.75 });
  expect(readFileSync(file('notifications.db'))).toEqual(original);
  expect(await move('--yes')).toMatchObject({ batch: null, rows: { inserted: 0, revised: 0 } });

  const { db } = team.ada.session;
  const generation = await db
    .selectFrom('coffee.generations')
    .selectAll()
    .where('id', '=', 'g-1')
    .executeTakeFirstOrThrow();
  expect(generation).toMatchObject({ trace_id: UUID, input_tokens: 100, attempt_id: null });
  expect(generation.ended_at?.toISOString()).toBe('2025-10-09T10:00:01.750Z');
  expect(JSON.stringify(generation.input)).not.toContain('0123456789');
  const asked = await db.selectFrom('coffee.notifications').selectAll().orderBy('title').execute();
  expect(asked.map(({ title, state, answer }) => [title, state, answer])).toEqual([
    ['Done', 'posted', null],
    ['Implement 3?', 'answered', 'approve'],
    ['Still open?', 'withdrawn', null],
  ]);
  expect(asked[1]).toMatchObject({
    context: { priority: '3', moved_in: { id: 1, status: 'responded' } },
    created_at: new Date('2025-10-09T10:00:00Z'),
    answered_at: new Date('2025-10-09T10:05:00Z'),
  });

  // The older system goes on: an answer comes, and a call ends.
  makeSqlite(file('notifications.db'), COFFEE_MAKER, {
    notifications: [notification({}), notification({ title: 'Still open?', user_response: 'no' })],
  });
  expect(await move('--yes')).toMatchObject({ batch: 2, rows: { inserted: 0, revised: 1 } });
  await team.ada.cli.json(['move-in', 'rollback', '2', '--yes']);

  // And so does its roadmap, while one of the priorities is edited here.
  const file1 = path.join(folder, 'ROADMAP.md');
  await team.ada.cli.json(['roadmap', 'edit', '1', '--title', 'Slack bot, ours']);
  writeFileSync(file1, roadmap('Slack bot, theirs', 'Dashboard, too', 'Mail'));
  const third = await team.ada.cli.json<MoveReport>(['move-in', 'coffee-maker', file1, '--yes']);
  expect(third).toMatchObject({
    ...{
      batch: 3,
      rows: { read: 3, inserted: 1, revised: 1, refused: 1, reasons: { changed: 1 } },
    },
    refused_rows: [{ row: 'ROADMAP.md: priority 1', reason: 'changed' }],
  });
  writeFileSync(file1, `${roadmap('x', 'y')}\n### PRIORITY 1: twice\n`);
  const wrong = await team.ada.cli.json<MoveReport>(['move-in', 'coffee-maker', file1, '--yes']);
  expect(wrong).toMatchObject({ batch: null, rows: { inserted: 0, reasons: { roadmap: 3 } } });
  expect(wrong.refused_rows[0]).toMatchObject({
    row: expect.stringMatching(/^ROADMAP.md line \d+$/),
  });
  await team.ada.cli.json(['move-in', 'rollback', '3', '--yes']);
  const kept = await team.ada.cli.run(['move-in', 'rollback', '1', '--yes']);
  expect([kept.code, kept.stderr]).toEqual([5, expect.stringMatching(/among them priority 1/)]);
  expect(
    (await team.ada.cli.run(['move-in', 'rollback', '1', '--yes', '--keep-changed'])).stdout,
  ).toBe(
    'Batch 1 is taken back, but for 1 row that changed since.\nPriorities that stay as they are now: 1.\n',
  );
  expect((await team.ada.cli.run(['roadmap', 'history', '2'])).stdout).toMatch(
    /withdraw .*move-in batch 1 was taken back/,
  );
  const again = await move('--dry-run');
  expect(again.totals.before).toEqual({ ...trial.totals.before, priorities: 1 });
  const days = await db.selectFrom('coffee.trace_days').selectAll().execute();
  expect([days, project]).toEqual([[], expect.any(String)]);
});

it('says what is missing: a project, or anything of coffee_maker', async () => {
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);
  for (const [args, code, said] of [
    [[empty], 2, /nothing of coffee_maker is in/],
    [[folder, '--project', 'none'], 1, /no project "none"/],
  ] as const) {
    const refused = await team.ada.cli.run(['move-in', 'coffee-maker', ...args, '--dry-run']);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringMatching(said)]);
  }
});
