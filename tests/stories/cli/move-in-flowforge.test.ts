import {
  forgeSession,
  makeFlowForge,
  writeForge,
} from '@coffee-roadmap/shared/move-ins/testing/make-flowforge';
import { openMove, type Move, type MoveReport } from './open-move';

let move: Move;
beforeAll(async () => {
  move = await openMove();
});
afterAll(() => move.close());

const forge = (): string => move.at('shop');
const zone = ['--timezone', 'UTC'];
const times = (report: MoveReport): Record<string, [number, number, number | null]> =>
  Object.fromEntries(
    report.times!.map(({ person, issue, day, source, refused, here_after }) => [
      `${person} ${issue} ${day}`,
      [source, refused, here_after],
    ]),
  );
const streamed = async (): Promise<number> => {
  const report = await move.team.ada.cli.json<{ totals: { time_direct_ms: number } }>([
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
  // On the other stream, so that what is read by programs stays one document.
  const init = await move.team.ada.cli.run(['init', '--label', 'desk', '--json'], { cwd: forge() });
  expect(JSON.parse(init.stdout)).toMatchObject({ label: 'desk', created: true });
  expect(init.stderr).toBe(
    `FlowForge kept times in this project. To bring them here:\n  coffee-roadmap move-in flowforge '${forge()}'\n`,
  );
  const original = [move.state(), move.changes()];
  const someone = await move.team.ada.cli.run(['move-in', 'flowforge', forge(), '--dry-run']);
  expect([someone.code, someone.stderr]).toEqual([2, expect.stringMatching(/ada, ben.*--user/s)]);
  const trial = await move.run('flowforge', forge(), '--user', 'ada', ...zone, '--dry-run');
  const moved = await move.run('flowforge', forge(), '--user', 'ada', ...zone, '--yes');
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
  expect([move.state(), move.changes()]).toEqual(original);
  // What lies over each other is time of a person once.
  expect(await streamed()).toBe((seconds - 1817) * 1000);
});

it('adds what is new while FlowForge is still in use, and takes each batch back exactly', async () => {
  const again = await move.run('flowforge', forge(), '--user', 'ada', ...zone, '--yes');
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
  const more = await move.run('flowforge', forge(), '--user', 'ada', ...zone, '--yes');
  expect(more.rows).toMatchObject({ inserted: 1, reasons: { changed: 1 } });
  expect(await streamed()).toBe(before + 30_000);
  await move.rollBack(more.batch);
  expect(await streamed()).toBe(before);
  await move.rollBack(more.batch! - 1);
  expect(await streamed()).toBe(0);
  const empty = await move.run('flowforge', forge(), '--user', 'ada', ...zone, '--dry-run');
  expect(empty.totals.before).toEqual({ sessions: 0, time_seconds: 0 });
});
