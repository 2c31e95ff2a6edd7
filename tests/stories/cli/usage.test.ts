import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cli } from './program';
import { createTeam, type Team } from './team';

interface Totals {
  totals: { calls: number; input_tokens: number; output_tokens: number };
}
interface MachineRow {
  label: string;
  id: string;
  last_report_at: string;
  last_record_at: string;
  program_version: string;
  roads: Record<string, string>;
}
interface Counts {
  inserted: number;
  revised: number;
  duplicate: number;
  refused: number;
}

const LABELS = ['desk', 'laptop', 'devbox'];
let team: Team;
let machines: Cli[];
beforeAll(async () => {
  team = await createTeam();
  machines = LABELS.map(() => team.program.as(team.ada.url));
  for (const [i, machine] of machines.entries()) {
    const corpus = makeCorpus({ seed: 40 + i, sessions: 2 });
    writeCorpus(path.join(machine.home, '.claude'), corpus);
    // A home that is synchronised has the desk's transcripts too.
    if (i === 2)
      writeCorpus(path.join(machine.home, '.claude'), makeCorpus({ seed: 40, sessions: 2 }));
    await machine.run(['init', '--label', LABELS[i]!]);
  }
});
afterAll(() => team.close());

const totals = async (by = 'daily'): Promise<Totals['totals']> =>
  (await team.ada.cli.json<Totals>(['usage', by, '--timezone', 'UTC'])).totals;

it('adds three workstations up, each call once, and doing it all again changes nothing', async () => {
  const began = Date.now();
  const first: Counts[] = [];
  for (const machine of machines) first.push(await machine.json<Counts>(['push']));
  expect(first.map(({ inserted, refused }) => inserted > 0 && refused === 0)).toEqual([
    true,
    true,
    true,
  ]);
  expect(first[2]!.duplicate).toBeGreaterThan(0);
  const sum = await totals();
  for (const by of ['weekly', 'monthly', 'session', 'project', 'model', 'machine', 'branch'])
    expect([by, await totals(by)]).toEqual([by, sum]);
  for (const machine of machines)
    expect(await machine.json<Counts>(['push'])).toMatchObject({
      inserted: 0,
      revised: 0,
      duplicate: 0,
    });

  const exported = await machines[0]!.run(['export']);
  const again = await team.ada.cli.json<Counts>(['import', '-'], { input: exported.stdout });
  expect(again).toMatchObject({ inserted: 0, revised: 0, refused: 0 });
  const found = await team.ada.cli.json<{ machines: MachineRow[] }>(['machines']);
  const desk = found.machines.find(({ label }) => label === 'desk')!;
  const { machine_id } = await machines[0]!.json<{ machine_id: string }>(['init']);
  const times = [...exported.stdout.matchAll(/"at":"([^"]+)"/g)].map(([, at]) => at!);
  expect(desk).toMatchObject({
    id: machine_id,
    last_record_at: times.sort().at(-1),
    program_version: (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string })
      .version,
    named_only: false,
  });
  expect(Object.keys(desk.roads)).toEqual(['direct']);
  expect(Date.parse(desk.last_report_at)).toBeGreaterThanOrEqual(began - 1_000);
  expect(found.machines.map(({ label }) => label)).toEqual(['desk', 'devbox', 'laptop']);
  const { stdout } = await team.ada.cli.run(['machines']);
  expect(stdout).toMatch(/^LABEL +ID +REPORTED +LAST RECORD +VERSION +BY +PROBLEMS$/m);
  expect(stdout).toMatch(
    new RegExp(
      `^desk +${machine_id.slice(0, 8)} +(now|\\d+ \\w+ ago) +${desk.last_record_at.slice(0, 10)} +${desk.program_version} +direct *$`,
      'm',
    ),
  );

  const file = path.join(team.ada.cli.home, 'desk.ndjson');
  writeFileSync(file, exported.stdout);
  const { inserted, duplicate, ...rest } = await team.ada.cli.json<Counts>(['import', file]);
  expect([inserted, duplicate]).toEqual([0, again.duplicate]);
  expect(rest).toMatchObject({ revised: 0, refused: 0, complete: true });
  const torn = path.join(team.ada.cli.home, 'torn.ndjson');
  writeFileSync(torn, exported.stdout.split('\n').slice(0, 5).join('\n'));
  expect((await team.ada.cli.run(['import', torn])).code).not.toBe(0);
  expect(await team.ada.cli.run(['import', 'gone.ndjson'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/gone\.ndjson cannot be read: ENOENT\n.*export wrote/),
  });
  rmSync(path.join(machines[1]!.home, '.claude'), { recursive: true });
  await machines[1]!.run(['push']);
  expect(await totals()).toEqual(sum);
});

it('reports with a token, without anybody’s password, until it is revoked', async () => {
  const collector = await ensureLogin(team.database.superuserUrl, {
    kind: 'collector',
    name: 'collector',
    password: 'for this test only',
  });
  const remote = team.program.as(undefined);
  writeCorpus(path.join(remote.home, '.claude'), makeCorpus({ seed: 50, sessions: 1 }));
  const { machine_id } = await remote.json<{ machine_id: string }>(['init', '--label', 'remote']);
  const made = await team.ada.cli.json<{ id: number; token: string }>([
    'machines',
    'token',
    'create',
    machine_id,
    '--label',
    'remote',
  ]);
  const env = {
    COFFEE_ROADMAP_COLLECTOR_URL: team.database.urlFor(collector, 'for this test only'),
    COFFEE_ROADMAP_MACHINE_TOKEN: made.token,
  };
  const before = await totals();
  expect(await remote.json<Counts>(['push'], { env })).toMatchObject({ refused: 0 });
  expect((await totals()).calls).toBeGreaterThan(before.calls);
  await team.ada.cli.run(['machines', 'token', 'revoke', String(made.id)]);
  expect(await remote.run(['push'], { env })).toMatchObject({ code: 3 });
});

it('sends texts of messages only after saying what and where to, and takes them back', async () => {
  const machine = team.program.as(team.ada.url);
  await machine.run(['init', '--label', 'writer']);
  const say = (uuid: string, content: string): void => {
    const folder = path.join(machine.home, '.claude', 'projects', 'p');
    mkdirSync(folder, { recursive: true });
    const timestamp = new Date().toISOString();
    const line = { type: 'user', sessionId: 's', uuid, timestamp, message: { content } };
    appendFileSync(path.join(folder, 's.jsonl'), `${JSON.stringify(line)}\n`);
  };
  say('w-1', 'before');
  expect(await machine.run(['texts', 'on'])).toMatchObject({ code: 2 }); // nobody to ask
  expect(await machine.json(['texts'])).toMatchObject({ on: false });
  const on = await machine.run(['texts', 'on', '--yes']);
  expect(on.stderr).toMatch(
    /at most 8,000 characters.*Postgres at [\w.]+:\d+\/.*texts off.*texts remove/s,
  );
  expect(on.stderr).not.toMatch(/postgres:\/\//);
  expect(on.stderr.split('\n').filter((line) => line.length > 80)).toEqual([]);
  say('w-2', 'the database is slow\u001b[2J');
  expect(await machine.json(['push'])).toMatchObject({ texts: 1, refused: 0 });
  expect(await machine.json(['texts', 'list'])).toMatchObject({
    texts: [{ role: 'user', machine: 'writer', text: 'the database is slow\ufffd[2J' }],
  });
  expect((await machine.run(['export'])).stdout).not.toMatch(/slow/);
  say('w-3', 'never sent');
  await machine.run(['collect']);
  await machine.run(['texts', 'off']);
  expect(await machine.json(['push'])).toMatchObject({ texts: 0 });
  await machine.run(['texts', 'on', '--yes']);
  say('w-4', 'taken back before it was sent');
  await machine.run(['collect']);
  const removed = await machine.json<object>(['texts', 'remove', '--yes']);
  expect(removed).toEqual({ removed: 1, removed_bytes: expect.any(Number), still_on: true });
  expect(removed).not.toMatchObject({ removed_bytes: 0 });
  expect(await machine.json(['push'])).toMatchObject({ texts: 0, texts_kept: false });
  expect(await machine.json(['texts', 'list'])).toEqual({ texts: [] });
});

it('shows machines and usage within 80 columns', async () => {
  for (const args of [
    ['machines'],
    ['usage'],
    ['usage', 'machine', '--breakdown'],
    ['usage', 'live'],
    ['machines', 'token'],
  ]) {
    const { code, stdout } = await team.ada.cli.run(args);
    expect([args, code]).toEqual([args, 0]);
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  }
  const { stdout } = await team.ada.cli.run(['usage', 'project', '--csv']);
  expect(stdout).toMatch(/^project,model,calls,/);
});

it('says how to go on where there is no identity, and where the database is away', async () => {
  const fresh = team.program.as(team.ada.url);
  const none = await fresh.run(['push']);
  expect(none.stderr).toContain("No machine identity found. Run 'coffee-roadmap init' first.");
  await fresh.run(['init']);
  const away = await fresh.run(['push'], { env: { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' } });
  expect(away.code).toBe(4);
});
