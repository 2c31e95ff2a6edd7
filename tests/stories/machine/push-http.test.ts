import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  buildDashboard,
  type DashboardBuild,
  type DashboardProgram,
} from '../../support/dashboard-program';
import { startSharedDashboard } from '../../support/shared-dashboard';
import { startTlsFront, type TlsFront } from '../../support/tls-front';
import type { Cli } from '../cli/program';
import { createTeam, type Team } from '../cli/team';

interface Counts {
  inserted: number;
  revised: number;
  duplicate: number;
  refused: number;
  anew: boolean;
}
type Day = Record<string, number | string> & { day: string; total_messages: number };
interface Workstation {
  workstation_id: string;
  history: Day[];
}

const NOTHING = { inserted: 0, revised: 0, duplicate: 0, refused: 0, anew: false };
let team: Team;
let build: DashboardBuild;
let dashboard: DashboardProgram;
let front: TlsFront;
beforeAll(async () => {
  team = await createTeam();
  build = buildDashboard();
  dashboard = await startSharedDashboard(build, team.database);
  front = await startTlsFront(dashboard.address, team.program.folder);
});
afterAll(async () => {
  await front.close();
  await build.close();
  await team.close();
});

/** A machine that knows no database, with transcripts, and a token that Ada made for it. */
async function machine(label: string, seed: number) {
  const cli = team.program.as(undefined);
  writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed, sessions: 3 }));
  const { machine_id } = await cli.json<{ machine_id: string }>(['init', '--label', label]);
  const create = ['machines', 'token', 'create', machine_id, '--label', label];
  const token = await team.ada.cli.json<{ id: number; token: string }>(create);
  return { cli, ...token };
}
const callsOf = async (label: string): Promise<number> => {
  const { machine: rows } = await team.ada.cli.json<{
    machine: { label: string; calls: number }[];
  }>(['usage', 'machine', '--timezone', 'UTC']);
  return rows.find((one) => one.label === label)?.calls ?? 0;
};
const fileOf = (cli: Cli): string => path.join(cli.home, '.config/coffee-roadmap/push.json');

it('pushes to a running dashboard, and goes on where it was', async () => {
  const { cli, token, id } = await machine('plain', 81);
  const env = { COFFEE_ROADMAP_MACHINE_TOKEN: token };
  const to = ['push', '--url', dashboard.address];
  expect((await cli.run(to)).stderr).toContain('over HTTP this machine needs a token');
  const first = await cli.json<Counts>(to, { env });
  expect(first).toMatchObject({ refused: 0, anew: false });
  expect(first.inserted).toBeGreaterThan(10);
  expect(await callsOf('plain')).toBeGreaterThan(3);
  expect(await cli.json<Counts>(to, { env })).toEqual(expect.objectContaining(NOTHING));
  writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed: 82, sessions: 1 }));
  const more = await cli.json<Counts>(to, { env });
  expect([more.inserted > 0, more.refused, more.anew]).toEqual([true, 0, false]);
  const { machines } = await team.ada.cli.json<{ machines: { roads: object }[] }>(['machines']);
  expect(machines.map(({ roads }) => Object.keys(roads))).toEqual([['http']]);

  await team.ada.cli.run(['machines', 'token', 'revoke', String(id)]);
  expect((await cli.run(to, { env })).code).toBe(3);
});

it('keeps an address behind TLS, and believes no certificate that the machine does not', async () => {
  const { cli, token } = await machine('behind TLS', 83);
  const input = `${token}\n`;
  for (const url of ['http://192.0.2.1', 'ftp://127.0.0.1', 'https://ada:x@127.0.0.1'])
    expect([url, (await cli.run(['push', '--set-up', '--url', url], { input })).code]).toEqual([
      url,
      2,
    ]);
  const args = ['push', '--set-up', '--url', front.url];
  expect((await cli.run(args, { input })).code).toBe(4);
  expect(statSync(fileOf(cli)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(fileOf(cli), 'utf8'))).toEqual({
    http_url: `${front.url}/`,
    machine_token: token,
  });
  expect(await callsOf('behind TLS')).toBe(0);
  const env = { NODE_EXTRA_CA_CERTS: front.certificate };
  expect((await cli.run(['push'], { env })).code).toBe(0);
  expect(await callsOf('behind TLS')).toBeGreaterThan(3);
  expect(await cli.json<Counts>(['push'], { env })).toEqual(expect.objectContaining(NOTHING));
  // A token is of one database: with another one the former address is gone.
  const collector = 'postgres://collector:x@127.0.0.1:9/elsewhere';
  const other = `crm_${'1'.repeat(64)}`;
  await cli.run(['push', '--set-up'], { input: `${collector}\n${other}\n` });
  expect(JSON.parse(readFileSync(fileOf(cli), 'utf8'))).toEqual({
    collector_url: collector,
    machine_token: other,
  });
});

it('takes an upload of what a machine counted, and the same again, as that person’s', async () => {
  const cli = team.program.as(undefined);
  writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed: 84, sessions: 8 }));
  await cli.json(['init', '--label', 'old desk']);
  const args = ['phrases', 'backfill', '--upload', front.url];
  const secret = await team.ada.cli.json<{ token: string }>([
    ...['machines', 'token', 'create', '--upload'],
  ]);
  const env = { NODE_EXTRA_CA_CERTS: front.certificate };
  expect((await cli.run(args, { env, input: 'guessed\n' })).code).toBe(3);
  const upload = () =>
    cli.json<{ days: Day[]; sent: number }>(args, { env, input: `${secret.token}\n` });
  const { days, sent } = await upload();
  expect([days.length > 3, sent]).toEqual([true, days.length]);
  const there = async (): Promise<Day[]> => {
    const { workstations } = await team.ada.cli.json<{ workstations: Workstation[] }>([
      ...['phrases', 'by-workstation'],
    ]);
    return workstations.find((one) => one.workstation_id === 'old desk')?.history ?? [];
  };
  const counted = await there();
  expect(counted.map(({ day, total_messages: n }) => [day, n]).sort()).toEqual(
    days.map(({ day, total_messages: n }) => [day, n]).sort(),
  );
  await upload();
  expect(await there()).toEqual(counted);
});

it('says that a dashboard is away, and keeps everything for the next time', async () => {
  const { cli, token } = await machine('later', 85);
  const env = { COFFEE_ROADMAP_MACHINE_TOKEN: token };
  const away = await cli.run(['push', '--url', 'http://127.0.0.1:9'], { env });
  expect([away.code, away.stderr]).toEqual([4, expect.stringContaining('127.0.0.1:9')]);
  const later = await cli.json<Counts>(['push', '--url', dashboard.address], { env });
  expect([later.inserted > 10, later.refused]).toEqual([true, 0]);
});
