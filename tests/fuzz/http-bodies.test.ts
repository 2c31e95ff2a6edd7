import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import langfuse from '@coffee-roadmap/shared/traces/fixtures/langfuse-3.39-batch.json';
import otel from '@coffee-roadmap/shared/traces/fixtures/langfuse-otel-5-export.json';
import {
  buildDashboard,
  type DashboardBuild,
  type DashboardProgram,
} from '../support/dashboard-program';
import { createTeam, type Team } from '../stories/cli/team';
import { mutate } from './mutate';
import { ROUNDS, SEED } from './rounds';
import { RECORDS } from './samples';

const PASSWORD = 'for this test only';
const JSON_BODY = 'application/json';

let team: Team;
let build: DashboardBuild;
let dashboard: DashboardProgram;
let headers: Record<'sdk' | 'machine', Record<string, string>>;
beforeAll(async () => {
  team = await createTeam();
  await team.project('shop');
  build = buildDashboard();
  const urlOf = async (kind: 'dashboard' | 'collector'): Promise<string> => {
    const login = { kind, name: kind, password: PASSWORD };
    return team.database.urlFor(await ensureLogin(team.database.superuserUrl, login), PASSWORD);
  };
  dashboard = await build.start({
    database_url: await urlOf('dashboard'),
    collector_url: await urlOf('collector'),
  });
  const { ada } = team;
  const key = await ada.cli.json<{ public_key: string; secret_key: string }>([
    ...['keys', 'create', 'fuzz', '--project', 'shop'],
  ]);
  const pair = Buffer.from(`${key.public_key}:${key.secret_key}`).toString('base64');
  const { machine_id } = await ada.cli.json<{ machine_id: string }>(['init']);
  const token = await ada.cli.json<{ token: string }>(['machines', 'token', 'create', machine_id]);
  headers = {
    sdk: { authorization: `Basic ${pair}` },
    machine: { authorization: `Bearer ${token.token}` },
  };
});
afterAll(async () => {
  await build.close();
  await team.close();
});

const day = { day: '2026-02-03', workstation_id: 'laptop', count: 4, right_count: 2 };
type Target = [
  path: string,
  type: string,
  who: 'sdk' | 'machine',
  samples: string[],
  enc: BufferEncoding,
];
const targets: Target[] = [
  ['/api/public/ingestion', JSON_BODY, 'sdk', [JSON.stringify(langfuse)], 'utf8'],
  ['/api/public/otel/v1/traces', JSON_BODY, 'sdk', [JSON.stringify(otel)], 'utf8'],
  [
    '/api/public/otel/v1/traces',
    'application/x-protobuf',
    'sdk',
    ['\n\x10\n\x02\n\0\x12\n'],
    'latin1',
  ],
  ['/api/records', 'application/x-ndjson', 'machine', RECORDS, 'latin1'],
  ['/api/set', JSON_BODY, 'machine', [JSON.stringify({ ...day, total_messages: 40 })], 'utf8'],
  ['/api/sign-in', JSON_BODY, 'machine', [JSON.stringify({ code: 'a'.repeat(32) })], 'utf8'],
];

it.each(targets)(
  '%s (%s): whatever the body, the answer is ours',
  async (path, type, who, given, enc) => {
    const statuses = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      const seed = SEED + round;
      const answer = await fetch(dashboard.address + path, {
        method: 'POST',
        headers: { 'content-type': type, ...headers[who] },
        body: Buffer.from(mutate(given[round % given.length]!, seed), enc),
      });
      const text = await answer.text();
      statuses.add(answer.status);
      const isOurs = answer.status < 500 && (text === '' || parses(text));
      expect({ seed, status: answer.status, text: isOurs ? '' : text, isOurs }).toMatchObject({
        isOurs: true,
      });
    }
    // It did read bodies, not only turn them away for their number.
    expect([...statuses].some((status) => status < 429)).toBe(true);
    expect(await dashboard.health()).toBe(0);
    expect(dashboard.log()).not.toMatch(/TypeError|RangeError|SyntaxError|unexpected|\n {4}at /);
  },
);

function parses(text: string): boolean {
  try {
    return text.split('\n').every((line) => line === '' || JSON.parse(line) !== undefined);
  } catch {
    return false;
  }
}
