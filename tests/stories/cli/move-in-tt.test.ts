import { makeSqlite } from '@coffee-roadmap/shared/move-ins/testing/make-sqlite';
import { TT_7, TT_8, ttEvent } from '@coffee-roadmap/shared/move-ins/testing/schemas';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MoveReport } from './open-move';
import { createTeam, type Team } from './team';

const LAPTOP = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';
const DEVBOX = 'b1b2c3d4-e5f6-4890-abcd-ef1234567890';
const at = (minute: number): string => `2026-01-12T10:${String(minute).padStart(2, '0')}:00.000Z`;

let team: Team;
let folder: string;
beforeAll(async () => {
  team = await createTeam();
  folder = path.join(team.program.folder, 'time-tracker');
  mkdirSync(folder);
});
afterAll(() => team.close());

const file = (name: string): string => path.join(folder, name);
const lines = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const move = (...args: string[]): Promise<MoveReport> =>
  team.ada.cli.json<MoveReport>(['move-in', 'tt', ...args]);
const report = (): Promise<{ totals: Record<string, number> }> =>
  team.ada.cli.json(['report', '--start', '2026-01-12', '--end', '2026-01-13']);

it('moves events, sessions, streams and tags of several machines in, and the time that follows from them', async () => {
  const stream = { stream_id: 'stream-1' };
  const session = { session_id: 'session-1', ...stream };
  const stray = { session_id: 'session-2' };
  makeSqlite(file('tt.db'), TT_8, {
    schema_info: [{ version: 8 }],
    streams: [
      { id: 'stream-1', name: 'Shop', created_at: at(0), updated_at: at(0) },
      { id: 'stream-2', name: 'Mail', created_at: at(1), updated_at: at(1) },
    ],
    stream_tags: [{ stream_id: 'stream-1', tag: 'client' }],
    machines: [{ machine_id: DEVBOX, label: 'devbox' }],
    events: [
      ttEvent(LAPTOP, 'tmux_pane_focus', at(0), '%1', { machine_id: LAPTOP, ...stream }),
      ttEvent(LAPTOP, 'tmux_pane_focus', at(2), '%2', {
        machine_id: LAPTOP,
        stream_id: 'stream-2',
      }),
      ttEvent(DEVBOX, 'agent_session', at(0), 'session-1:started', {
        ...session,
        action: 'started',
      }),
      ttEvent(DEVBOX, 'agent_tool_use', at(1), 'toolu_1', session),
      ttEvent(DEVBOX, 'agent_tool_use', at(9), 'toolu_2', session),
      // As tt indexed sessions for itself: again what came from the machine, and a session of the laptop.
      { ...ttEvent('', 'agent_tool_use', at(1), '', session), id: 'session-1-tool_use-1-0' },
      { ...ttEvent('', 'session_start', at(3), '', stray), id: 'session-2-session_start' },
      { ...ttEvent('', 'user_message', at(4), '', stray), id: 'session-2-user_message-4' },
      ttEvent(LAPTOP, 'tmux_pane_focus', 'noon', '%1'),
      ttEvent(LAPTOP, 'dictation', at(5), 'x'),
    ],
    agent_sessions: [
      {
        ...{ session_id: 'session-1', session_type: 'user', machine_id: DEVBOX, message_count: 3 },
        ...{ project_path: '/home/ada/shop', project_name: 'shop', starting_prompt: 'secret' },
        ...{ start_time: at(0), end_time: at(20) },
      },
    ],
  });
  writeFileSync(file('machine.json'), JSON.stringify({ machine_id: LAPTOP, label: 'laptop' }));
  writeFileSync(file('events.jsonl.1'), lines([ttEvent(LAPTOP, 'tmux_pane_focus', at(0), '%1')]));
  writeFileSync(
    file('events.jsonl'),
    `${lines([ttEvent(LAPTOP, 'tmux_scroll', at(1), '%1')])}{"half a li`,
  );
  const original = readFileSync(file('tt.db'));

  const trial = await move(folder, '--dry-run');
  expect(trial.rows).toMatchObject({
    ...{ read: 17, inserted: 11, revised: 0, duplicate: 2, refused: 4 },
    reasons: { transcribed: 1, time: 1, unknown_type: 1, not_json: 1 },
  });
  const moved = await move(folder, '--yes');
  expect(moved).toEqual({ ...trial, dry_run: false, batch: 1 });
  expect(moved.totals.source).toMatchObject({ tmux_pane_focus: 4, streams: 2, agent_session: 4 });
  expect(moved.totals.after).toMatchObject({ tmux_pane_focus: 2, tmux_scroll: 1, streams: 3 });
  expect(moved.refused_rows).toContainEqual({ row: 'events.jsonl line 2', reason: 'not_json' });
  expect(readFileSync(file('tt.db'))).toEqual(original);
  expect(await move(folder, '--yes')).toMatchObject({
    batch: null,
    rows: { inserted: 0, revised: 0 },
  });

  const { machines } = await team.ada.cli.json<{ machines: { id: string; label: string }[] }>([
    'machines',
  ]);
  expect(machines).toEqual([
    expect.objectContaining({ id: DEVBOX, label: 'devbox' }),
    expect.objectContaining({ id: LAPTOP, label: 'laptop' }),
  ]);
  const { totals } = await report();
  expect(totals).toMatchObject({ time_delegated_ms: 20 * 60_000 });
  const { by_tag } = await team.ada.cli.json<{
    by_tag: { tag: string; streams: { name: string }[] }[];
  }>([...['report', '--start', '2026-01-12', '--end', '2026-01-13']]);
  expect(by_tag.map(({ tag, streams }) => [tag, streams.map(({ name }) => name)])).toEqual([
    ['client', ['Shop', 'Shop']],
  ]);

  await team.ada.cli.json(['move-in', 'rollback', '1', '--yes']);
  expect((await report()).totals).toMatchObject({ time_direct_ms: 0, time_delegated_ms: 0 });
  expect(await team.ada.cli.json(['machines'])).toEqual({ machines: [] });
});

it('asks for the machine of what was recorded before there were several', async () => {
  makeSqlite(file('old.db'), TT_7, {
    schema_info: [{ version: 7 }],
    events: [
      ttEvent('', 'tmux_pane_focus', at(0), '%1'),
      ttEvent('', 'tmux_pane_focus', at(1), '%2'),
    ],
  });
  const unsaid = await team.ada.cli.run(['move-in', 'tt', file('old.db'), '--yes']);
  expect(unsaid.code).toBe(2);
  expect(unsaid.stderr).toMatch(/--machine LABEL/);
  const moved = await move(file('old.db'), '--machine', 'old box', '--yes');
  expect(moved).toMatchObject({ rows: { read: 2, inserted: 2 } });

  writeFileSync(
    file('other.jsonl'),
    lines([{ id: 'x' }, { type: 'y', id: 'z', timestamp: at(1) }]),
  );
  makeSqlite(file('newer.db'), TT_8, { schema_info: [{ version: 11 }] });
  for (const [name, said] of [
    ['newer.db', /schema 11 of tt/],
    ['nowhere', /cannot be read: ENOENT/],
  ] as const) {
    const refused = await team.ada.cli.run(['move-in', 'tt', file(name), '--machine', 'x']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(said)]);
  }
  const nothing = await move(file('other.jsonl'), '--machine', 'old box', '--yes');
  expect(nothing.rows).toMatchObject({
    read: 2,
    refused: 2,
    reasons: { nameless: 1, unknown_type: 1 },
  });
});
