import { makeSqlite } from '@coffee-roadmap/shared/move-ins/testing/make-sqlite';
import { ABSOLUTELYRIGHT, CCU, ccuRow } from '@coffee-roadmap/shared/move-ins/testing/schemas';
import { machineIdV1 } from '@coffee-roadmap/shared/shards/read-v1';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openMove, type Move } from './open-move';

let move: Move;
beforeAll(async () => {
  move = await openMove();
});
afterAll(() => move.close());

it('moves the days of a phrase counter in, from its database, its API and its backup, once', async () => {
  makeSqlite(move.at('counts.db'), ABSOLUTELYRIGHT, {
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
  const original = move.state();
  const trial = await move.run('absolutelyright', move.at('counts.db'), '--dry-run');
  expect(trial).toMatchObject({
    dry_run: true,
    batch: null,
    rows: { read: 4, inserted: 2, refused: 2 },
  });
  expect(await move.run('absolutelyright', move.at('counts.db'), '--dry-run')).toEqual(trial);

  const moved = await move.run('absolutelyright', move.at('counts.db'), '--yes');
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
  expect(move.state()).toBe(original);

  const again = await move.run('absolutelyright', move.at('counts.db'), '--yes');
  expect(again).toMatchObject({ batch: null, rows: { inserted: 0, revised: 0, duplicate: 2 } });

  // What the API said later: one day more, and one recounted too small.
  writeFileSync(
    move.at('by-workstation.json'),
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
  const more = await move.run('absolutelyright', move.at('by-workstation.json'), '--yes');
  expect(more).toMatchObject({ batch: 2, rows: { inserted: 1, duplicate: 1 } });
  expect(more.totals.after).toEqual({ messages: 4563, right: 28, perfect: 212 });

  await move.rollBack(2);
  await move.rollBack(1);
  const { history } = await move.team.ada.cli.json<{ history: unknown[] }>(['phrases', 'history']);
  expect(history).toEqual([]);
  expect(await move.team.ada.cli.json(['machines'])).toEqual({ machines: [] });
  const list = await move.team.ada.cli.run(['move-in', 'list']);
  expect(list.stdout).toMatch(/taken back/);
});

it('moves calls of ccu in, and leaves to transcripts what those have', async () => {
  makeSqlite(move.at('usage_history_HOME-WT.db'), CCU, {
    usage_records: [
      ccuRow(1),
      ccuRow(2, { input_tokens: 101 }),
      ccuRow(3, { message_type: 'user', total_tokens: 0 }),
      ccuRow(4, { timestamp: 'yesterday' }),
      ccuRow(5, { machine_name: null, session_id: 'session-2' }),
    ],
  });
  const original = move.state();
  const trial = await move.run('ccu', move.at('usage_history_HOME-WT.db'), '--dry-run');
  expect(trial.rows).toMatchObject({
    read: 5,
    inserted: 3,
    refused: 2,
    reasons: { prompt: 1, time: 1 },
  });
  expect(trial.notes.join()).toMatch(
    /At least 1 of 3 lines look like repeats.*coffee-roadmap collect/s,
  );
  const moved = await move.run('ccu', move.at('usage_history_HOME-WT.db'), '--yes');
  expect(moved).toEqual({ ...trial, dry_run: false, batch: 3 });
  expect(moved.totals.after).toMatchObject({ calls: 3, input_tokens: 307, cache_write_tokens: 90 });
  expect(move.state()).toBe(original);
  // The id that a gist with these files would bring.
  const { machines } = await move.team.ada.cli.json<{ machines: { id: string }[] }>(['machines']);
  expect(machines).toEqual([
    expect.objectContaining({
      id: machineIdV1(move.team.ada.session.me.id, 'HOME-WT'),
      label: 'HOME-WT',
    }),
  ]);

  // The same records out of the gist, and one more of another machine.
  const gist = move.at('gist');
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
  const fromGist = await move.run('ccu', gist, '--yes');
  expect(fromGist).toMatchObject({ batch: 4, rows: { read: 2, inserted: 1, duplicate: 1 } });
  await move.rollBack(4);
  await move.rollBack(3);
  expect((await move.run('ccu', gist, '--dry-run')).totals.before.calls).toBe(0);
});

it('says what to do where there is nothing to move, or nobody to ask', async () => {
  const cli = move.team.ada.cli;
  writeFileSync(move.at('other.json'), '{"a": 1}');
  writeFileSync(
    move.at('history.json'),
    '[{"day": "2025-10-12", "right": 1, "total_messages": 2}]',
  );
  const refused: [string[], number, RegExp][] = [
    [['ccusage'], 2, /coffee-roadmap collect/],
    [['claude', '/home/ada/.claude'], 2, /coffee-roadmap collect/],
    [['ccu', move.at('nowhere')], 2, /cannot be read: ENOENT/],
    [['ccu', move.at('counts.db')], 2, /no usage records of ccu/],
    [['absolutelyright', move.at('other.json')], 2, /no counts of AbsolutelyRight/],
    [['absolutelyright', move.at('history.json')], 2, /--machine LABEL/],
    [['absolutelyright', move.at('history.json'), '--machine', 'desk'], 2, /--yes/],
    [['rollback', '99', '--yes'], 1, /no batch 99/],
    [['rollback', '1', '--yes'], 5, /rolled back already/],
  ];
  for (const [args, code, said] of refused) {
    const result = await cli.run(['move-in', ...args]);
    expect([args, result.code, result.stderr]).toEqual([args, code, expect.stringMatching(said)]);
  }
  const named = await move.run(
    'absolutelyright',
    move.at('history.json'),
    '--machine',
    'desk',
    '--yes',
  );
  expect(named).toMatchObject({ batch: 5, rows: { inserted: 1 } });
});
