import { createTeam, type Team } from '../cli/team';
import type { Cli } from '../cli/program';

interface Sums {
  time_direct_ms: number;
  time_delegated_ms: number;
}
interface Document {
  by_tag: ({ tag: string } & Sums)[];
  by_issue: ({ issue: string } & Sums)[];
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
    { issue: 'local:42', time_direct_ms: 5_400_000, time_delegated_ms: 0 },
  ]);
  expect(await cli.json(['recompute'])).toEqual({ days: 0 });
  await cli.json(['log', '30m', '--at', `${day}T10:00:00Z`]);
  expect((await report()).totals.time_direct_ms).toBe(5_400_000); // the correction covers its half hour
  expect(await cli.json(['recompute', '--all'])).toEqual({ days: 1 });
  expect((await report()).totals.time_direct_ms).toBe(5_400_000);
});
