import type { Session } from '@coffee-roadmap/shared/db/session';
import { claimNextTask, reportStatus } from '@coffee-roadmap/shared/tasks/queries';
import { ingestTraces } from '@coffee-roadmap/shared/traces/queries';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cli } from './program';
import { createTeam, type Team } from './team';

let team: Team;
let cli: Cli;
let daemon: Session<'daemon'>;

/** Half an hour ago: the last thirty days have it in any zone. */
const begin = Date.now() - 1_800_000;
const at = (second: number): string => new Date(begin + second * 1000).toISOString();
let sent = 0;
const event = (type: string, body: object) => ({
  id: `e${(sent += 1)}`,
  type,
  timestamp: at(0),
  body: { traceId: 'attempt-of-ada', ...body },
});

const EVENTS = [
  event('trace-create', { id: 'attempt-of-ada', name: 'Greet people', timestamp: at(0) }),
  event('agent-create', { id: 'a', name: 'claude', startTime: at(0), endTime: at(95) }),
  event('generation-create', {
    ...{ id: 'g1', parentObservationId: 'a', name: 'answer', model: 'claude-sonnet-5' },
    ...{ startTime: at(1), endTime: at(9), usageDetails: { input: 12_000, output: 900 } },
  }),
  event('tool-create', {
    ...{ id: 't', parentObservationId: 'a', name: 'Bash \u001b[2J', level: 'ERROR' },
    ...{ statusMessage: 'exit code 1', startTime: at(10), endTime: at(12) },
  }),
  event('generation-create', {
    ...{ id: 'g2', parentObservationId: 'a', name: 'answer', model: 'model-x' },
    ...{ startTime: at(13), endTime: at(90), usageDetails: { input: 1_000_000 } },
  }),
];

beforeAll(async () => {
  team = await createTeam();
  cli = team.ada.cli;
  const project = await team.project('shop');
  daemon = await team.daemon('builder');
  await reportStatus(daemon, {
    ...{ state: 'idle', version: '0.1.0', host: 'here', isolated: false, isolation: '' },
    ...{ agents: [], started_at: new Date().toISOString() },
  });
  await cli.run(['roadmap', 'add', '=Greet people']);
  const claim = { instance: randomUUID(), agents: ['rehearsal'], projects: [project] };
  const task = (await claimNextTask(daemon, { ...claim, leaseMs: 60_000, graceMs: 0 }))!;
  await ingestTraces(daemon, task.attemptId!, EVENTS);
});
afterAll(() => team.close());

const text = async (args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await cli.run(args);
  expect([code, stderr]).toEqual([0, '']);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  return stdout;
};

it('shows traces, and one as a tree with times, tokens and cost', async () => {
  expect(await text(['traces'])).toMatch(
    /attempt-\S* +shop +1\/1 +✗ Greet people +30 min ago +1m 35s +1\.01M +\$0\.03\+\?/,
  );
  const tree = await text(['traces', 'show', 'attempt-of']);
  expect(tree).toMatch(/Greet people {2}shop\npriority 1 · attempt 1 · .* · \$0\.03\+\?/);
  expect(tree).toMatch(/○ claude +\+0ms +1m 35s/);
  expect(tree).toMatch(/├ ◆ answer +\+1s +8s +12\.0k→900 +\$0\.03\n/);
  expect(tree).toMatch(/├ ✗ Bash +\+10s +2s\n {4}exit code 1\n└ ◆ answer .* \?\n/);
  expect(await cli.json(['traces', 'show', 'attempt-of-ada'])).toMatchObject({
    ...{ item: '1', attempt: 1, unpriced_calls: 1 },
    observations: [{ id: 'a' }, { id: 'g1', cost_usd: 0.033 }, {}, { unpriced: true }],
  });
  expect(await cli.run(['traces', 'show', 'nothing'])).toMatchObject({ code: 1 });
});

it('sums what was spent, with a chart, as JSON and as CSV', async () => {
  expect(await text(['spend', '--timezone', 'Asia/Kathmandu'])).toMatch(
    /█+ +\$0\.03\+\?\n\nDAY .*\n.*\nTotal +2 +1\.01M +900 .*\n\n1 call of unknown price/,
  );
  expect(await text(['spend', '--by', 'item'])).toMatch(/shop 1 =Greet people/);
  expect(await cli.json(['spend', '--by', 'model'])).toMatchObject({
    spend: [
      { label: 'claude-sonnet-5', cost_usd: 0.033 },
      { label: 'model-x', unpriced_calls: 1 },
    ],
    total: { calls: 2, cost_usd: 0.033 },
  });
  expect(await cli.json(['spend', '--by', 'project'])).toMatchObject({
    spend: [{ label: 'shop', calls: 2, cost_usd: 0.033 }],
  });
  expect((await cli.run(['spend', '--by', 'item', '--csv'])).stdout).toMatch(
    /^item,calls,.*,cost_usd,unpriced_calls\r\nshop 1 =Greet people,2,1012000,900,0,0,0\.033,1\r\n$/,
  );
  expect(await text(['spend', '--since', '2020-01-01', '--until', '2020-02-01'])).toMatch(
    /Nothing was spent/,
  );
  expect(await cli.run(['spend', '--timezone', 'Mars/Base'])).toMatchObject({ code: 2 });
  expect(await cli.run(['spend', '--since', 'soon'])).toMatchObject({ code: 2 });
});

it('imports a price, and applies it when it is told to', async () => {
  const file = path.join(cli.home, 'prices.json');
  writeFileSync(file, JSON.stringify([{ model: 'model-x', input: 2, output: 4 }]));
  const cost = async (): Promise<unknown> => (await cli.json<{ total: object }>(['spend'])).total;
  expect(await text(['prices', 'import', file])).toMatch(/Imported 1 price as version 2/);
  expect(await text(['prices', 'list', 'model-x'])).toMatch(/model-x \* +2 +4/);
  expect(await cost()).toMatchObject({ cost_usd: 0.033 });
  expect(await text(['prices', 'reprice'])).toMatch(/^1 call of traces/);
  expect(await cost()).toMatchObject({ cost_usd: 2.033, unpriced_calls: 0 });
  expect(await text(['prices'])).toMatch(
    /claude-haiku-5-5 +2026-10-07 ≥100k +0\.5 +2\.5 +0\.05 +0\.625 +1\n/,
  );
  writeFileSync(file, '{}');
  expect(await cli.run(['prices', 'import', file])).toMatchObject({ code: 2 });
  const bob = await team.person('Bob');
  writeFileSync(file, '[{"model": "model-x"}]');
  expect(await bob.cli.run(['prices', 'import', file])).toMatchObject({ code: 3 });
});

it('makes a key pair, shows it without its secret, and revokes it', async () => {
  const made = await cli.json<{ public_key: string; secret_key: string }>([
    'keys',
    'create',
    'checkout',
  ]);
  expect(made.secret_key).toMatch(/^sk-lf-[0-9a-f]{64}$/);
  const listed = await text(['keys']);
  expect(listed).toMatch(new RegExp(`${made.public_key} +checkout +shop +never`));
  expect(listed).not.toContain(made.secret_key);
  expect(await text(['keys', 'revoke', made.public_key.slice(0, 20), '--yes'])).toMatch(
    /^Revoked pk-lf-/,
  );
  expect(await text(['keys'])).toMatch(/There is no key yet/);
  expect(await text(['keys', 'list', '--all'])).toMatch(/revoked/);
});
