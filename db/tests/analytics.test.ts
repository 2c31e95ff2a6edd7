import { readFileSync } from 'node:fs';
import path from 'node:path';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { createWorld, type World } from './world';

const VIEWS = [
  'spend_parts',
  'spend_calls',
  'project_costs',
  'cache_rates',
  'priorities',
  'questions',
  'attempt_days',
  'budgets',
];

/** SQLSTATE of a change in a transaction that only reads. */
const READ_ONLY = '25006';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe.each(VIEWS)('analytics.%s', (view) => {
  it('shows a person their teams, and nothing of others', async () => {
    const { red, blue } = world.ids;
    const seen = async (who: 'ben' | 'carla'): Promise<string[]> => {
      const { rows } = await (
        await world.as(who)
      ).query<{ project_id: string }>(
        `select distinct project_id from analytics.${view} where project_id is not null`,
      );
      return rows.map(({ project_id }) => project_id);
    };
    expect(await seen('ben')).toEqual([red.project]);
    expect(await seen('carla')).toEqual([blue.project]);
    expect(
      await valueOf(await world.as('nobody'), `select count(*)::int from analytics.${view}`),
    ).toBe(0);
  });

  // What is spent today stands in the Slack app.
  const closed = ['daemon', 'agent', 'collector', 'auditor'] as const;
  it.each(view === 'budgets' ? closed : ([...closed, 'slackbot'] as const))(
    'is closed to %s',
    async (who) => {
      expect(await codeOf(await world.as(who), `select from analytics.${view}`)).toBe(NOT_ALLOWED);
    },
  );

  it('says what each of its columns is', async () => {
    const silent = await world.root(
      `select attname from pg_attribute a
       where a.attrelid = 'analytics.${view}'::regclass and a.attnum > 0
         and col_description(a.attrelid, a.attnum) is null`,
    );
    expect(silent).toEqual([]);
  });
});

describe('a call that a trace reports and a machine recorded', () => {
  type Sums = Record<string, { input: number; cost: number }>;
  const sums = async (view: string, cost: string): Promise<Sums> => {
    const ben = await world.as('ben');
    const { rows } = await ben.query<{ source: string; input: number; cost: number }>(
      `select source, sum(input_tokens)::int as input, round(sum(${cost}))::int as cost
       from analytics.${view} group by source`,
    );
    return Object.fromEntries(rows.map(({ source, ...sum }) => [source, sum]));
  };
  const both = async (): Promise<Sums[]> => [
    await sums('spend_parts', 'cost_nanos'),
    await sums('spend_calls', 'cost_usd * 1e9'),
  ];
  let before: Sums[];

  beforeAll(async () => {
    before = await both();
    const { person, attempt } = world.ids.red;
    const at = '2026-11-01T10:20:00.000Z';
    const daemon = await world.as('daemon');
    await daemon.query('select coffee.ingest_traces($1, $2)', [
      attempt,
      JSON.stringify([
        {
          id: 'both',
          type: 'generation-create',
          timestamp: at,
          body: {
            id: 'both',
            startTime: at,
            model: 'claude-sonnet-5',
            usageDetails: { input: 500 },
            metadata: { message_id: 'msg_both' },
          },
        },
      ]),
    ]);
    await world.root(
      `insert into coffee.usage_records (person_id, message_id, request_key, machine_id, at, input_tokens,
         output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cost_nanos,
         is_sidechain, model)
       select $1, m, '', gen_random_uuid(), $2, t, 0, 0, 0, 0, t * 2000, false, 'claude-sonnet-5'
       from (values ('msg_both', 500), ('msg_own', 70), ('', 8)) v (m, t)`,
      [person, at],
    );
  });

  it('is money once, in the calls as in their sums', async () => {
    const more = (sum: Sums): Sums => ({
      traces: { input: sum.traces!.input + 500, cost: sum.traces!.cost + 500 * 2000 },
      machines: { input: sum.machines!.input + 78, cost: sum.machines!.cost + 78 * 2000 },
    });
    expect(before[0]).toEqual(before[1]);
    expect(await both()).toEqual(before.map(more));
  });

  it('shows nobody else what the machine recorded', async () => {
    const mona = await world.as('mona');
    const sql = `select count(*)::int from analytics.spend_calls where message_id = 'msg_own'`;
    expect(await valueOf(mona, sql)).toBe(0);
  });
});

it('has room for a tool with a login that only reads', async () => {
  const anna = await world.as('anna');
  const { rows } = await anna.query<{ login: string; password: string }>(
    `select * from coffee.add_login('person', 'grafana', '{team}')`,
  );
  const { login, password } = rows[0]!;
  const url = world.database.urlFor(login, password);
  const reading = `${url}?options=${encodeURIComponent('-c default_transaction_read_only=on')}`;
  const sees = `select count(*)::int from analytics.priorities`;
  const ask = `select coffee.ask('${world.ids.red.project}', 'May I?', '', '{"free_text": true}')`;
  const tool = await world.database.connect(reading);
  expect(await valueOf(tool, sees)).toBeGreaterThan(0);
  expect(await codeOf(tool, ask)).toBe(READ_ONLY);
  await world.root(`alter role "${login}" set default_transaction_read_only = on`);
  const plain = await world.database.connect(url);
  expect(await valueOf(plain, sees)).toBeGreaterThan(0);
  expect(await codeOf(plain, ask)).toBe(READ_ONLY);
});

describe('docs/analytics.md', () => {
  const page = readFileSync(path.join(databaseFolder(), '..', 'docs', 'analytics.md'), 'utf8');
  const queries = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it('names every view', () => {
    for (const view of VIEWS) expect(page).toContain(`analytics.${view}`);
  });

  it.each(queries.map((sql, index) => [index + 1, sql]))(
    'has query %s run as a person',
    async (_n, sql) => {
      await (await world.as('ben')).query(String(sql));
    },
  );
});
