import { newDashboardLink } from '@coffee-roadmap/shared/dashboard/queries';
import { createMachineToken } from '@coffee-roadmap/shared/machines/queries';
import { MACHINE } from '@coffee-roadmap/shared/records/testing/usage-record';
import langfuse from '@coffee-roadmap/shared/traces/fixtures/langfuse-3.39-batch.json';
import otel from '@coffee-roadmap/shared/traces/fixtures/langfuse-otel-5-export.json';
import { readFileSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import path from 'node:path';
import {
  buildDashboard,
  type DashboardBuild,
  type DashboardProgram,
} from '../support/dashboard-program';
import { startSharedDashboard } from '../support/shared-dashboard';
import { createTeam, type Team } from '../stories/cli/team';
import { mutate } from './mutate';
import { ROUNDS, SEED } from './rounds';
import { RECORDS } from './samples';

const JSON_BODY = 'application/json';
const PROTOBUF = 'application/x-protobuf';

let team: Team;
let build: DashboardBuild;
let dashboard: DashboardProgram;
let headers: Record<'sdk' | 'machine' | 'page', Record<string, string>>;
let code: string;
beforeAll(async () => {
  team = await createTeam();
  await team.project('shop');
  build = buildDashboard();
  // A code is looked at, however many there were.
  dashboard = await startSharedDashboard(build, team.database, { sign_in_limit: '100000' });
  const { ada } = team;
  const key = await ada.cli.json<{ public_key: string; secret_key: string }>([
    ...['keys', 'create', 'fuzz', '--project', 'shop'],
  ]);
  const pair = Buffer.from(`${key.public_key}:${key.secret_key}`).toString('base64');
  const { token } = await createMachineToken(ada.session, MACHINE);
  ({ code } = await newDashboardLink(ada.session));
  headers = {
    sdk: { authorization: `Basic ${pair}` },
    machine: { authorization: `Bearer ${token}` },
    page: { origin: dashboard.address, 'x-coffee-roadmap': '1' },
  };
});
afterAll(async () => {
  await build.close();
  await team.close();
});

const day = { day: '2026-02-03', workstation_id: 'laptop', count: 4, right_count: 2 };
const protobuf = path.join(
  __dirname,
  '../../services/dashboard/src/ingestion/fixtures/otel-export.pb',
);
interface Target {
  path: string;
  type: string;
  who: keyof typeof headers;
  samples: () => readonly string[];
  /** What is said where a sample was taken whole. */
  taken: RegExp;
  /** Of binary bodies, a character a byte. */
  enc?: BufferEncoding;
}
const targets: Target[] = [
  {
    ...{ path: '/api/public/ingestion', type: JSON_BODY, who: 'sdk', taken: /"errors":\[\]/ },
    samples: () => [JSON.stringify(langfuse)],
  },
  {
    ...{ path: '/api/public/otel/v1/traces', type: JSON_BODY, who: 'sdk', taken: /^\{\}$/ },
    samples: () => [JSON.stringify(otel)],
  },
  {
    ...{ path: '/api/public/otel/v1/traces', type: PROTOBUF, who: 'sdk', taken: /^$/ },
    ...{ samples: () => [readFileSync(protobuf, 'latin1')], enc: 'latin1' },
  },
  {
    ...{ path: '/api/records', type: 'application/x-ndjson', who: 'machine' },
    ...{
      samples: () => RECORDS.map((record) => `${record}\n`),
      taken: /"inserted":1,/,
      enc: 'latin1',
    },
  },
  {
    ...{ path: '/api/set', type: JSON_BODY, who: 'machine', taken: /^"ok"$/ },
    samples: () => [JSON.stringify({ ...day, total_messages: 40 })],
  },
  {
    ...{ path: '/api/sign-in', type: JSON_BODY, who: 'page', taken: /"signed_in":true/ },
    samples: () => [JSON.stringify({ code })],
  },
];

function post({ path: where, type, who, enc }: Target, body: string): Promise<Response> {
  return fetch(dashboard.address + where, {
    method: 'POST',
    headers: { 'content-type': type, ...headers[who] },
    body: Buffer.from(body, enc),
  });
}

// All of them before the first odd one, so that none is turned away for its number.
it.each(targets)('$path ($type): takes what is as it should be', async (target) => {
  for (const sample of target.samples()) {
    const answer = await post(target, sample);
    expect([answer.ok, await answer.text()]).toEqual([true, expect.stringMatching(target.taken)]);
  }
});

it.each(targets)('$path ($type): whatever the body, the answer is ours', async (target) => {
  const given = target.samples();
  for (let round = 0; round < ROUNDS; round++) {
    const seed = SEED + round;
    const body = mutate(given[round % given.length]!, seed);
    let answer = await post(target, body);
    while (answer.status === 429) {
      // Turned away for its number, it says nothing about its body.
      await pass(1_000 * Number(answer.headers.get('retry-after')));
      answer = await post(target, body);
    }
    const text = await answer.text();
    const readable = answer.headers.get('content-type') === PROTOBUF || text === '' || parses(text);
    const isOurs = answer.status < 500 && readable;
    expect({ seed, status: answer.status, text: isOurs ? '' : text, isOurs }).toMatchObject({
      isOurs: true,
    });
  }
  expect(await dashboard.health()).toBe(0);
  expect(dashboard.log()).not.toMatch(/TypeError|RangeError|SyntaxError|unexpected|\n {4}at /);
});

function parses(text: string): boolean {
  try {
    return text.split('\n').every((line) => line === '' || JSON.parse(line) !== undefined);
  } catch {
    return false;
  }
}
