import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { addDays, mondayOf } from '@coffee-roadmap/shared/time/periods/local-date';
import { session as agentSession } from '../../../db/tests/reports';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { timerRecord } from '@coffee-roadmap/shared/time/manual/manual-records';
import { createTeam, type Team } from '../cli/team';
import type { Cli } from '../cli/program';

interface Sums {
  time_direct_ms: number;
  time_delegated_ms: number;
}
interface Document {
  by_tag: ({ tag: string } & Sums)[];
  by_issue: ({ issue: string } & Sums)[];
  by_project: ({ project: string | null } & Sums)[];
  cut_timers: { issue: string; ended_at: string }[];
  by_stream: ({ id: string; name: string; tags: string[] } & Sums)[];
  totals: Sums & { unassigned_direct_ms: number };
}

let team: Team;
let cli: Cli;
beforeAll(async () => {
  team = await createTeam();
  cli = team.ada.cli;
});
afterAll(() => team.close());

it('says what to do before anything is recorded', async () => {
  const { code, stdout } = await cli.run(['report']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('No events recorded this week.')]);
  expect(await cli.run(['start', '42'])).toMatchObject({ code: 1 });
});

it('logs, reports, and computes only what changed', async () => {
  await cli.run(['init', '--label', 'desk']);
  const day = '2026-03-02';
  const log = ['log', '1h30m', 'called the client', '--issue', '42', '--at', `${day}T09:00:00Z`];
  expect(await cli.json(log)).toMatchObject({
    started_at: `${day}T09:00:00.000Z`,
    ended_at: `${day}T10:30:00.000Z`,
    issue: 'local:42',
  });
  const report = () => cli.json<Document>(['report', '--day', day, '--timezone', 'UTC']);
  const first = await report();
  expect(first.totals.time_direct_ms).toBe(5_400_000);
  expect(first.by_issue).toEqual([
    { issue: 'local:42', title: null, time_direct_ms: 5_400_000, time_delegated_ms: 0 },
  ]);
  expect(await cli.json(['recompute'])).toEqual({ days: 0 });
  await cli.json(['log', '30m', '--at', `${day}T10:00:00Z`]);
  expect((await report()).totals.time_direct_ms).toBe(5_400_000); // the correction covers its half hour
  expect(await cli.json(['recompute', '--all'])).toEqual({ days: 1 });
  expect((await report()).totals.time_direct_ms).toBe(5_400_000);
});

it('names a timer that nobody stopped', async () => {
  const { machine_id: machineId } = await cli.json<{ machine_id: string }>(['init']);
  const now = Date.parse('2026-03-03T06:00:00Z');
  const said = { machineId, folder: null, note: null, now };
  const records = [timerRecord({ ...said, action: 'start', issue: 'local:9' })];
  await importBatch({ session: team.ada.session }, { machineId, road: 'direct', records });
  const options = ['--day', '2026-03-03', '--timezone', 'UTC'];
  const { cut_timers, totals } = await cli.json<Document>(['report', ...options]);
  expect(cut_timers).toEqual([{ issue: 'local:9', ended_at: '2026-03-03T18:00:00.000Z' }]);
  expect(totals.time_direct_ms).toBe(12 * 3_600_000);
  const { stdout } = await cli.run(['report', ...options]);
  expect(stdout).toContain('local:9 ran till its limit, Mar 3, 18:00; coffee-roadmap log mends it');
});

it('finds streams by folder, and follows what their person says', async () => {
  const day = '2026-03-04';
  const folders = ['shop', 'api', 'notes'].map((name) => path.join(cli.home, name));
  for (const [i, cwd] of folders.entries()) {
    mkdirSync(cwd, { recursive: true });
    await cli.json(['log', '1h', '--at', `${day}T1${i}:00:00Z`], { cwd });
  }
  const options = ['--day', day, '--timezone', 'UTC'];
  const report = () => cli.json<Document>(['report', ...options]);
  const names = async () => (await report()).by_stream.map(({ name }) => name);
  expect((await names()).sort()).toEqual(['api', 'notes', 'shop']);
  expect(await cli.json(['tag', 'shop', 'acme', 'billable'])).toMatchObject({
    changed: ['acme', 'billable'],
  });
  await cli.json(['streams', 'merge', 'api', 'shop']);
  await cli.json(['streams', 'rename', 'notes', 'Writing']);
  expect(await names()).toEqual(['shop', 'Writing']);
  const [tag] = (await report()).by_tag.filter((line) => line.tag === 'acme');
  expect(tag!.time_direct_ms).toBe(7_200_000);
  await cli.json(['untag', 'shop', 'billable']);

  // What publishing would put into a project, and what it would leave out.
  await team.project('storefront');
  await cli.json(['projects', 'link', 'acme', '--project', 'storefront']);
  expect((await report()).by_project).toEqual([
    { project: 'storefront', time_direct_ms: 7_200_000, time_delegated_ms: 0 },
    { project: null, time_direct_ms: 3_600_000, time_delegated_ms: 0 },
  ]);
  const sheet = await cli.run(['report', ...options, '--csv']);
  expect(sheet.stdout).toMatch(/^2026-03-04,storefront,shop,acme,/m);

  const given = {
    streams: [{ name: 'Acme', tags: ['client'] }],
    assign_by_pattern: [{ cwd_like: '%/notes', stream: 'Acme' }],
    assign_by_session: [{ session_id: 'gone', stream: 'Acme' }],
    assign_by_time: [{ start: `${day}T10:00:00Z`, end: `${day}T10:30:00Z`, stream: 'Acme' }],
  };
  const applied = await cli.json(['classify', '--apply', '-'], { input: JSON.stringify(given) });
  expect(applied).toMatchObject({
    streams_created: 1,
    tags_added: 1,
    places: 1,
    unknown: ['gone'],
  });
  expect((await names()).sort()).toEqual(['Acme', 'shop']);
  const wrong = await cli.run(['classify', '--apply', '-'], { input: '{"streams": [{}]}' });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('streams[0].name')]);

  const found = await cli.json<{ clusters: { stream: string | null }[] }>([
    'classify',
    '--all',
    ...options,
  ]);
  expect(found.clusters.length).toBeGreaterThan(0);
  const context = await cli.json<Record<string, unknown[]>>(['context', ...options]);
  expect([context.events!.length, context.gaps!.length]).toEqual([3, 2]);
  for (const args of [
    ['streams', 'list', ...options],
    ['streams', 'show', 'shop'],
    ['classify', '--all', ...options],
    ['report', ...options],
  ]) {
    const { code, stdout } = await cli.run(args);
    expect([args, code, stdout.split('\n').filter((line) => [...line].length > 80)]).toEqual([
      args,
      0,
      [],
    ]);
  }
});

it('makes streams by hand, and gives them folders and sessions', async () => {
  const day = '2026-03-05';
  const cwd = path.join(cli.home, 'calls');
  mkdirSync(cwd);
  await cli.json(['log', '1h', '--at', `${day}T09:00:00Z`], { cwd });
  const { machine_id: machineId } = await cli.json<{ machine_id: string }>(['init']);
  const record = agentSession('started', `${day}T09:00:00.000Z`, machineId);
  const { session } = team.ada;
  await importBatch({ session }, { machineId, road: 'direct', records: [record] });

  const made = await cli.json<{ id: string }>(['streams', 'create', 'Acme calls']);
  expect(made).toMatchObject({ name: 'Acme calls', machine_id: machineId });
  const there = await cli.json(['streams', 'create', 'review', '--machine', 'desk']);
  expect(there).toMatchObject({ id: String(Number(made.id) + 1), machine_id: machineId });
  const nowhere = await cli.run(['streams', 'create', 'x', '--machine', 'devbox']);
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('no machine')]);

  const link = ['streams', 'link', 'acme calls'];
  expect(await cli.json([...link, '~/calls'])).toEqual({ id: made.id, linked: [cwd] });
  expect(await cli.json([...link, 's-1', '--session'])).toEqual({ id: made.id, linked: ['s-1'] });
  const gone = await cli.run([...link, 'gone', '--session']);
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('no such session')]);
  expect(await cli.json(['streams', 'show', made.id])).toMatchObject({
    assigned: [
      { subject: 'place', key: cwd },
      { subject: 'session', key: 's-1' },
    ],
  });
  const report = await cli.json<Document>(['report', '--day', day, '--timezone', 'UTC']);
  expect(report.by_stream).toMatchObject([{ name: 'Acme calls', time_direct_ms: 3_600_000 }]);
});

it('reports the week before this one', async () => {
  const last = addDays(mondayOf(new Date().toISOString().slice(0, 10)), -7);
  for (const at of [`${addDays(last, -1)}T23:45:00Z`, `${last}T00:00:00Z`]) {
    await cli.json(['log', '15m', '--at', at]);
  }
  // A quarter of it is this week's.
  await cli.json(['log', '1h', '--at', `${addDays(last, 6)}T23:15:00Z`]);
  expect(await cli.json(['report', '--last-week', '--timezone', 'UTC'])).toMatchObject({
    period: { type: 'week', start: last, end: addDays(last, 6) },
    totals: { time_direct_ms: 3_600_000 },
  });
  expect((await cli.run(['report', '--last-week', '--day'])).code).toBe(2);
});
