import {
  forgeSession,
  makeFlowForge,
  writeForge,
} from '@coffee-roadmap/shared/move-ins/testing/make-flowforge';
import type { ComparedTime } from '@coffee-roadmap/shared/move-ins/tally';
import { makeSqlite } from '@coffee-roadmap/shared/move-ins/testing/make-sqlite';
import { ABSOLUTELYRIGHT, CCU, ccuRow } from '@coffee-roadmap/shared/move-ins/testing/schemas';
import { machineIdV1 } from '@coffee-roadmap/shared/shards/read-v1';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTeam, type Team } from './team';

interface Report {
  dry_run: boolean;
  batch: number | null;
  rows: Record<string, number> & { reasons: Record<string, number> };
  refused_rows: { row: string; reason: string }[];
  totals: Record<'source' | 'before' | 'after', Record<string, number>>;
  notes: string[];
  times?: ComparedTime[];
}

let team: Team;
let folder: string;
beforeAll(async () => {
  team = await createTeam();
  folder = path.join(team.program.folder, 'older systems');
  mkdirSync(folder);
});
afterAll(() => team.close());

const at = (name: string): string => path.join(folder, name);
const run = (...args: string[]): Promise<Report> => team.ada.cli.json<Report>(['move-in', ...args]);
/** Names and contents of everything in the folder. */
const state = (): string =>
  JSON.stringify(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [
        name,
        createHash('sha256')
          .update(readFileSync(path.join(parentPath, name)))
          .digest('hex'),
      ])
      .sort(),
  );
/** When anything about any file or folder was changed last: nothing can be written without it. */
const changes = (): string =>
  JSON.stringify(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [
        name,
        statSync(path.join(folder, name), { bigint: true }).ctimeNs.toString(),
      ]),
  );
const rollBack = (batch: number | null): Promise<unknown> =>
  team.ada.cli.json(['move-in', 'rollback', String(batch), '--yes']);

it('moves the days of a phrase counter in, from its database, its API and its backup, once', async () => {
  makeSqlite(at('counts.db'), ABSOLUTELYRIGHT, {
    day_counts: [
      {
        day: '2025-10-12',
        workstation_id: 'desk',
        patterns: '{"right": 20, "perfect": 212}',
        total_messages: 4483,
      },
      { day: '2025-10-12', workstation_id: 'laptop', patterns: '{"right": 1}', total_messages: 10 },
      { day: '2025-10-13', workstation_id: 'desk', patterns: 'not JSON', total_messages: 1 },
      { day: '2025-10-32', workstation_id: 'desk', patterns: '{}', total_messages: 1 },
    ],
  });
  const original = state();
  const trial = await run('absolutelyright', at('counts.db'), '--dry-run');
  expect(trial).toMatchObject({
    dry_run: true,
    batch: null,
    rows: { read: 4, inserted: 2, refused: 2 },
  });
  expect(await run('absolutelyright', at('counts.db'), '--dry-run')).toEqual(trial);

  const moved = await run('absolutelyright', at('counts.db'), '--yes');
  expect(moved).toEqual({ ...trial, dry_run: false, batch: 1 });
  expect(moved.totals).toEqual({
    source: { messages: 4493, right: 21, perfect: 212 },
    before: {},
    after: { messages: 4493, right: 21, perfect: 212 },
  });
  expect(moved.refused_rows).toEqual([
    { row: 'row 3: 2025-10-13 of desk', reason: 'count' },
    { row: 'row 4: 2025-10-32 of desk', reason: 'day' },
  ]);
  expect(state()).toBe(original);

  const again = await run('absolutelyright', at('counts.db'), '--yes');
  expect(again).toMatchObject({ batch: null, rows: { inserted: 0, revised: 0, duplicate: 2 } });

  // What the API said later: one day more, and one recounted too small.
  writeFileSync(
    at('by-workstation.json'),
    JSON.stringify([
      {
        workstation_id: 'desk',
        history: [
          { day: '2025-10-12', right: 3, perfect: 4, total_messages: 50 },
          { day: '2025-10-14', right: 7, total_messages: 70 },
        ],
      },
    ]),
  );
  const more = await run('absolutelyright', at('by-workstation.json'), '--yes');
  expect(more).toMatchObject({ batch: 2, rows: { inserted: 1, duplicate: 1 } });
  expect(more.totals.after).toEqual({ messages: 4563, right: 28, perfect: 212 });

  await rollBack(2);
  await rollBack(1);
  const { history } = await team.ada.cli.json<{ history: unknown[] }>(['phrases', 'history']);
  expect(history).toEqual([]);
  expect(await team.ada.cli.json(['machines'])).toEqual({ machines: [] });
  const list = await team.ada.cli.run(['move-in', 'list']);
  expect(list.stdout).toMatch(/taken back/);
});

it('moves calls of ccu in, and leaves to transcripts what those have', async () => {
  makeSqlite(at('usage_history_HOME-WT.db'), CCU, {
    usage_records: [
      ccuRow(1),
      ccuRow(2, { input_tokens: 101 }),
      ccuRow(3, { message_type: 'user', total_tokens: 0 }),
      ccuRow(4, { timestamp: 'yesterday' }),
      ccuRow(5, { machine_name: null, session_id: 'session-2' }),
    ],
  });
  const original = state();
  const trial = await run('ccu', at('usage_history_HOME-WT.db'), '--dry-run');
  expect(trial.rows).toMatchObject({
    read: 5,
    inserted: 3,
    refused: 2,
    reasons: { prompt: 1, time: 1 },
  });
  expect(trial.notes.join()).toMatch(
    /At least 1 of 3 lines look like repeats.*coffee-roadmap collect/s,
  );
  const moved = await run('ccu', at('usage_history_HOME-WT.db'), '--yes');
  expect(moved).toEqual({ ...trial, dry_run: false, batch: 3 });
  expect(moved.totals.after).toMatchObject({ calls: 3, input_tokens: 307, cache_write_tokens: 90 });
  expect(state()).toBe(original);
  // The id that a gist with these files would bring.
  const { machines } = await team.ada.cli.json<{ machines: { id: string }[] }>(['machines']);
  expect(machines).toEqual([
    expect.objectContaining({
      id: machineIdV1(team.ada.session.me.id, 'HOME-WT'),
      label: 'HOME-WT',
    }),
  ]);

  // The same records out of the gist, and one more of another machine.
  const gist = at('gist');
  mkdirSync(gist);
  const record = ({
    machine_name: _,
    cost: __,
    content: ___,
    message_type: ____,
    ...rest
  }: Record<string, unknown>) => rest;
  const write = (name: string, value: object): void =>
    writeFileSync(path.join(gist, name), JSON.stringify(value));
  write('usage_data_HOME-WT.json', { machine_name: 'HOME-WT', records: [record(ccuRow(1))] });
  write('usage_data_HOME-WT_backup_20251021.json', {
    machine_name: 'HOME-WT',
    records: [record(ccuRow(8))],
  });
  write('usage_data_LAPTOP_2025.json', { machine_name: 'LAPTOP', records: [record(ccuRow(9))] });
  write('manifest.json', {
    version: '1.0',
    machines: [
      { machine_name: 'HOME-WT', current_file: 'usage_data_HOME-WT.json' },
      { machine_name: 'LAPTOP', data_files: ['usage_data_LAPTOP_2025.json'] },
    ],
  });
  const fromGist = await run('ccu', gist, '--yes');
  expect(fromGist).toMatchObject({ batch: 4, rows: { read: 2, inserted: 1, duplicate: 1 } });
  await rollBack(4);
  await rollBack(3);
  expect((await run('ccu', gist, '--dry-run')).totals.before.calls).toBe(0);
});

it('says what to do where there is nothing to move, or nobody to ask', async () => {
  const cli = team.ada.cli;
  writeFileSync(at('other.json'), '{"a": 1}');
  writeFileSync(at('history.json'), '[{"day": "2025-10-12", "right": 1, "total_messages": 2}]');
  const refused: [string[], number, RegExp][] = [
    [['ccusage'], 2, /coffee-roadmap collect/],
    [['claude', '/home/ada/.claude'], 2, /coffee-roadmap collect/],
    [['ccu', at('nowhere')], 2, /cannot be read: ENOENT/],
    [['ccu', at('counts.db')], 2, /no usage records of ccu/],
    [['absolutelyright', at('other.json')], 2, /no counts of AbsolutelyRight/],
    [['absolutelyright', at('history.json')], 2, /--machine LABEL/],
    [['absolutelyright', at('history.json'), '--machine', 'desk'], 2, /--yes/],
    [['rollback', '99', '--yes'], 1, /no batch 99/],
    [['rollback', '1', '--yes'], 5, /rolled back already/],
  ];
  for (const [args, code, said] of refused) {
    const result = await cli.run(['move-in', ...args]);
    expect([args, result.code, result.stderr]).toEqual([args, code, expect.stringMatching(said)]);
  }
  const named = await run('absolutelyright', at('history.json'), '--machine', 'desk', '--yes');
  expect(named).toMatchObject({ batch: 5, rows: { inserted: 1 } });
});

describe('FlowForge', () => {
  const forge = (): string => at('shop');
  const zone = ['--timezone', 'UTC'];
  const times = (report: Report): Record<string, [number, number, number | null]> =>
    Object.fromEntries(
      report.times!.map(({ person, issue, day, source, refused, here_after }) => [
        `${person} ${issue} ${day}`,
        [source, refused, here_after],
      ]),
    );
  const streamed = async (): Promise<number> => {
    const report = await team.ada.cli.json<{ totals: { time_direct_ms: number } }>([
      'report',
      '--start',
      '2025-10-01',
      '--end',
      '2025-11-01',
      '--timezone',
      'UTC',
    ]);
    return report.totals.time_direct_ms;
  };

  it('moves a person’s sessions in to the second, names what it refuses, and leaves the files', async () => {
    makeFlowForge(forge(), Date.now());
    await team.ada.cli.json(['init', '--label', 'desk']);
    const original = [state(), changes()];
    const someone = await team.ada.cli.run(['move-in', 'flowforge', forge(), '--dry-run']);
    expect([someone.code, someone.stderr]).toEqual([2, expect.stringMatching(/ada, ben.*--user/s)]);
    const trial = await run('flowforge', forge(), '--user', 'ada', ...zone, '--dry-run');
    const moved = await run('flowforge', forge(), '--user', 'ada', ...zone, '--yes');
    expect(moved).toEqual({ ...trial, dry_run: false, batch: expect.any(Number) });
    expect(Object.fromEntries(moved.refused_rows.map(({ row, reason }) => [row, reason]))).toEqual({
      '.task-times.json: task 42, session 2': 'person',
      '.task-times.json: task 42, session 4': 'long',
      '.task-times.json: task 42, session 5': 'time',
      '.task-times.json: task 42, the timer': 'running',
      '.task-times.json: task 8': 'untimed',
      '.flowforge/billing/time-tracking.json: task 72, the timer': 'long',
      'SESSIONS.md: line 7': 'empty',
      'SESSIONS.md: line 12': 'summarised',
      'SESSIONS.md: line 13': 'long',
      'SESSIONS.md: line 14': 'nameless',
    });
    expect(times(moved)).toMatchObject({
      'ada github:us/shop#42 2025-10-01': [5417, 0, 5417],
      'ada github:us/shop#42 2025-10-02': [2701, 0, 2701],
      'ada github:us/shop#7 2025-10-01': [2700, 0, 2700],
      'ada github:us/shop#69 2025-10-09': [8090, 0, 8090],
      'ada github:us/shop#12 2025-10-06': [7200, 0, 7200],
      'ada github:us/shop#101 2025-10-08': [2844, 0, 2844],
      'ada github:us/shop#15 2025-10-10': [2700, 0, 2700],
      'ada github:us/shop#16 2025-10-11': [1200, 0, 1200],
      'ben github:us/shop#42 2025-10-01': [3600, 3600, null],
    });
    const seconds = 5417 + 2701 + 2700 + 8090 + 7200 + 2844 + 3600 + 2700 + 1200;
    expect(moved.totals.after).toEqual({ sessions: 9, time_seconds: seconds });
    expect(moved.rows).toMatchObject({ inserted: 9, duplicate: 1, refused: 10 });
    expect(moved.notes.join()).toMatch(/lie over each other for 0:30:17.*timer still runs/s);
    expect([state(), changes()]).toEqual(original);
    // What lies over each other is time of a person once.
    expect(await streamed()).toBe((seconds - 1817) * 1000);
  });

  it('adds what is new while FlowForge is still in use, and takes each batch back exactly', async () => {
    const again = await run('flowforge', forge(), '--user', 'ada', ...zone, '--yes');
    expect(again).toMatchObject({ batch: null, rows: { inserted: 0, duplicate: 10 } });
    const before = await streamed();
    // The timer was stopped, and a session corrected by hand.
    writeForge(forge(), '.task-times.json', {
      42: {
        status: 'paused',
        sessions: [
          forgeSession('2025-10-01T09:00:00Z', '2025-10-01T10:00:00Z'),
          forgeSession('2025-10-20T09:00:00Z', '2025-10-20T09:00:30Z'),
        ],
      },
    });
    const more = await run('flowforge', forge(), '--user', 'ada', ...zone, '--yes');
    expect(more.rows).toMatchObject({ inserted: 1, reasons: { changed: 1 } });
    expect(await streamed()).toBe(before + 30_000);
    await rollBack(more.batch);
    expect(await streamed()).toBe(before);
    await rollBack(more.batch! - 1);
    expect(await streamed()).toBe(0);
    const empty = await run('flowforge', forge(), '--user', 'ada', ...zone, '--dry-run');
    expect(empty.totals.before).toEqual({ sessions: 0, time_seconds: 0 });
  });
});
