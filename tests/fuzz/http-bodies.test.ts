import { newDashboardLink } from '@coffee-roadmap/shared/dashboard/queries';
import { createMachineToken } from '@coffee-roadmap/shared/machines/queries';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { MACHINE } from '@coffee-roadmap/shared/records/testing/usage-record';
import { addItem } from '@coffee-roadmap/shared/roadmap/queries';
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
import { createTeam, type Person, type Team } from '../stories/cli/team';
import { mutate } from './mutate';
import { ROUNDS, SEED } from './rounds';
import { RECORDS } from './samples';

const JSON_BODY = 'application/json';
const PROTOBUF = 'application/x-protobuf';

let team: Team;
let build: DashboardBuild;
let dashboard: DashboardProgram;
let headers: Record<'sdk' | 'machine' | 'page' | 'ada' | 'bea', Record<string, string>>;
let code: string;
/** What addresses name. */
let ids: { question: number; item: number; session: string };
beforeAll(async () => {
  team = await createTeam();
  const projectId = await team.project('shop');
  build = buildDashboard();
  // A code is looked at, however many there were.
  dashboard = await startSharedDashboard(build, team.database, { sign_in_limit: '100000' });
  const { ada } = team;
  const key = await ada.cli.json<{ public_key: string; secret_key: string }>([
    ...['keys', 'create', 'fuzz', '--project', 'shop'],
  ]);
  const pair = Buffer.from(`${key.public_key}:${key.secret_key}`).toString('base64');
  const { token } = await createMachineToken(ada.session, MACHINE);
  const page = { origin: dashboard.address, 'x-coffee-roadmap': '1' };
  const bea = await team.person('Bea');
  headers = {
    sdk: { authorization: `Basic ${pair}` },
    machine: { authorization: `Bearer ${token}` },
    page,
    ada: { ...page, cookie: await signIn(ada, page) },
    bea: { ...page, cookie: await signIn(bea, page) },
  };
  const other = await signIn(bea, page);
  // A newer link would end it.
  ({ code } = await newDashboardLink(ada.session));
  const listed = await fetch(`${dashboard.address}/api/sessions`, { headers: { cookie: other } });
  const { sessions } = (await listed.json()) as { sessions: { id: string; current: boolean }[] };
  const title = 'Which?';
  const question = await notify(ada.session, {
    projectId,
    kind: 'question',
    title,
    freeText: true,
  });
  const item = await addItem(ada.session, { projectId, title: 'Say hello' });
  ids = { question: question.id, item: item.id, session: sessions.find((one) => one.current)!.id };
});

/** The cookie of a browser that this person has signed in with. */
async function signIn({ session }: Person, page: Record<string, string>): Promise<string> {
  const link = await newDashboardLink(session);
  const answer = await fetch(`${dashboard.address}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': JSON_BODY, ...page },
    body: JSON.stringify({ code: link.code }),
  });
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

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
  /** What stands for `:id` in the address. */
  id?: () => string | number;
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
  {
    ...{ path: '/api/notifications/:id/answer', type: JSON_BODY, who: 'ada' },
    ...{ id: () => ids.question, samples: () => ['{"answer":"MIT"}'], taken: /"answered"/ },
  },
  {
    ...{ path: '/api/daemons/pause', type: JSON_BODY, who: 'ada', taken: /no such daemon/ },
    samples: () => ['{"name":null,"paused":true}'],
  },
  // Of an item that is planned they are refused in our words, but for the second.
  ...[
    { verb: 'accept', body: '{"commit":"abcd"}', taken: /planned, not in review/ },
    { verb: 'retry', body: '{}', taken: /"planned"/ },
    { verb: 'reopen', body: '{"comment":"no"}', taken: /planned/ },
    { verb: 'stop', body: '{}', taken: /planned/ },
  ].map(({ verb, body, taken }): Target => {
    const of = { path: `/api/items/:id/${verb}`, type: JSON_BODY, who: 'ada' as const };
    return { ...of, id: () => ids.item, samples: () => [body], taken };
  }),
  {
    ...{ path: '/api/sessions/:id/end', type: JSON_BODY, who: 'bea', taken: /^\{\}$/ },
    ...{ id: () => ids.session, samples: () => ['{}'] },
  },
  {
    ...{ path: '/api/sessions/end-all', type: JSON_BODY, who: 'bea', taken: /"ended":1/ },
    samples: () => ['{}'],
  },
  {
    ...{ path: '/api/sign-out', type: JSON_BODY, who: 'bea', taken: /"signed_in":false/ },
    samples: () => ['{}'],
  },
];

/** Where a seed is given, every other address names something odd. */
function post(
  { path: where, type, who, enc, id }: Target,
  body: string,
  seed = 0,
): Promise<Response> {
  const given = String(id?.() ?? '');
  const named = seed % 2 === 0 ? given : Buffer.from(mutate(given, seed).slice(0, 2000)).toString();
  return fetch(dashboard.address + where.replace(':id', () => encodeURIComponent(named)), {
    method: 'POST',
    headers: { 'content-type': type, ...headers[who] },
    body: Buffer.from(body, enc),
  });
}

// All of them before the first odd one, so that none is turned away for its number.
it.each(targets)('$path ($type): takes what is as it should be', async (target) => {
  for (const sample of target.samples()) {
    const answer = await post(target, sample);
    const text = await answer.text();
    expect({ status: answer.status, text }).toEqual({
      status: expect.any(Number),
      text: expect.stringMatching(target.taken),
    });
  }
});

it.each(targets)('$path ($type): whatever the body, the answer is ours', async (target) => {
  const given = target.samples();
  // Those of a person share one limit of requests a minute.
  const rounds = target.who === 'ada' || target.who === 'bea' ? ROUNDS / 2 : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    const seed = SEED + round;
    const body = mutate(given[round % given.length]!, seed);
    let answer = await post(target, body, seed);
    while (answer.status === 429) {
      // Turned away for its number, it says nothing about its body.
      await pass(1_000 * Number(answer.headers.get('retry-after')));
      answer = await post(target, body, seed);
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
