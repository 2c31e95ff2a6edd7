import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import path from 'node:path';
import { createTeam, type Team } from '../cli/team';

interface Round {
  attempts: { road: string; state: string; reason?: string; counts?: { inserted: number } }[];
  remotes: { remote: string; state: string }[];
}
interface Status {
  machines: { label: string; road: string; waiting: number | null; problem: string | null }[];
}

let team: Team;
beforeAll(async () => {
  team = await createTeam();
});
afterAll(() => team.close());

it('sends by the first road that works, tells why the others did not, and shows what waits', async () => {
  const { cli } = team.ada;
  // Nobody listens there.
  const env = {
    COFFEE_ROADMAP_PUSH_URL: 'http://127.0.0.1:9',
    COFFEE_ROADMAP_MACHINE_TOKEN: `crm_${'0'.repeat(64)}`,
  };
  await cli.json(['init', '--label', 'desk']);
  writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed: 1 }));
  expect((await cli.run(['auto-sync', 'on', '--order', 'pigeon'])).code).toBe(2);
  expect((await cli.run(['auto-sync', 'on', '--fetch=-oX'])).code).toBe(2);
  expect((await cli.run(['auto-sync', 'on', '--every', '1s'])).code).toBe(2);
  await cli.json(['auto-sync', 'on', '--order', 'http', '--every', '5s']);
  await cli.json(['collect']);
  const stuck = await cli.run(['auto-sync', 'run'], { env });
  expect([stuck.code, stuck.stdout, stuck.stderr]).toEqual([
    4,
    '', // once is enough
    expect.stringContaining('no road works: http: 127.0.0.1:9 does not answer'),
  ]);
  const before = await cli.json<Status>(['status']);
  expect(before.machines).toMatchObject([
    { label: 'desk', road: 'http', problem: '127.0.0.1:9 does not answer' },
  ]);
  expect(before.machines[0]!.waiting).toBeGreaterThan(10);
  expect((await cli.run(['status'])).stdout).toContain('127.0.0.1:9 does not answer');

  await cli.json(['auto-sync', 'on', '--order', 'http,direct']);
  const round = await cli.json<Round>(['auto-sync', 'run'], { env });
  expect(round.attempts.map(({ road, state }) => [road, state])).toEqual([
    ['http', 'unreachable'],
    ['direct', 'done'],
  ]);
  expect(round.attempts[1]!.counts!.inserted).toBeGreaterThan(10);
  const after = await cli.json<Status>(['status']);
  expect(after.machines).toMatchObject([
    { label: 'desk', road: 'direct', waiting: 0, problem: null },
    { label: 'desk', road: 'http', last_success_at: null, problem: '127.0.0.1:9 does not answer' },
  ]);
  const shown = (await cli.run(['status'])).stdout;
  expect(shown).toMatch(/MACHINE .*BY .*LAST .*WAITS HERE/);
  expect(shown).toMatch(/desk +direct +(now|\d+ s ago) +nothing/);
});

it('tells of a machine that it should fetch from and cannot, and sends all the same', async () => {
  const { cli } = team.ada;
  const env = { COFFEE_ROADMAP_SSH: 'false' };
  await cli.json(['auto-sync', 'on', '--order', 'direct', '--fetch', 'attic']);
  const { code, stdout } = await cli.run(['auto-sync', 'run', '--json'], { env });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    attempts: [{ road: 'direct', state: 'done' }],
    remotes: [{ remote: 'attic', state: 'failed' }],
  });
  const { machines } = await cli.json<Status>(['status']);
  expect(machines.find(({ label }) => label === 'attic')).toMatchObject({
    road: 'ssh',
    problem: expect.stringContaining('attic') as string,
  });
  expect((await cli.run(['sync', 'attci'], { env })).code).toBe(1); // mistyped
  const { machines: then } = await cli.json<Status>(['status']);
  expect(then.map(({ label }) => label)).toEqual(machines.map(({ label }) => label));
  expect(await cli.json(['auto-sync', 'on', '--no-fetch'])).toMatchObject({ fetch: [] });
  const { machines: last } = await cli.json<Status>(['status']);
  expect(last.map(({ label }) => label)).not.toContain('attic');
});

it('is what the service runs while it is on, and ends when it is off', async () => {
  const { cli } = team.ada;
  const services = async (): Promise<string[]> =>
    (
      await cli.json<{ services: { name: string }[] }>(['service', 'install', '--dry-run'])
    ).services.map(({ name }) => name);
  await cli.json(['auto-sync', 'on', '--every', '5s']);
  expect(await services()).toEqual(['collect', 'auto-sync']);
  const running = cli.start(['auto-sync', 'run', '--watch'], {
    env: { COFFEE_ROADMAP_SSH: 'false' },
  });
  await running.said(/direct: /);
  await cli.json(['auto-sync', 'off']);
  expect((await running.ended).code).toBe(0);
  expect(await services()).not.toContain('auto-sync');
});
