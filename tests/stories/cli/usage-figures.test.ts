import { findOpenBlock } from '@coffee-roadmap/shared/usage/open-block';
import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { MACHINE, USAGE } from '@coffee-roadmap/shared/records/testing/usage-record';
import { createTeam, type Team } from './team';

const SHOP = '/home/ada/src/shop';

function call(message: string, at: string, change: Partial<UsageRecord> = {}): UsageRecord {
  const names = { source: 'claude', type: 'usage', discriminator: `${message}/` };
  return {
    ...USAGE,
    id: makeRecordId({ machineId: MACHINE, at, ...names }),
    at,
    message_id: message,
    request_id: null,
    session_id: 'session-one',
    input_tokens: 10,
    output_tokens: 20,
    cache_read_tokens: 40,
    cache_write_5m_tokens: 3,
    cache_write_1h_tokens: 4,
    logged_cost_usd: '0.5',
    folder: SHOP,
    ...change,
  };
}
const CALLS = [
  call('a', '2026-02-01T23:30:00.000Z'), // a Sunday; in Berlin it is Monday
  call('b', '2026-02-02T00:30:00.000Z', {
    model: 'claude-haiku-4-5',
    git_branch: 'fix',
    logged_cost_usd: '0.25',
  }),
  call('c', '2026-02-02T09:00:00.000Z', { logged_cost_usd: '1' }),
  call('d', '2026-03-10T12:00:00.000Z', {
    session_id: 'session-two',
    model: 'not-ours',
    folder: '/home/ada/old/shop_2',
    git_branch: null,
    logged_cost_usd: null,
  }),
];

const figures = (calls: number, cost_usd: number, unpriced_calls = 0) => ({
  calls,
  input_tokens: 10 * calls,
  output_tokens: 20 * calls,
  cache_creation_tokens: 7 * calls,
  cache_read_tokens: 40 * calls,
  cost_usd,
  unpriced_calls,
});
const opus = (calls: number, cost: number) => ({
  model: 'claude-opus-4-5',
  ...figures(calls, cost),
});
const HAIKU = { model: 'claude-haiku-4-5', ...figures(1, 0.25) };
const OTHER = { model: 'not-ours', ...figures(1, 0, 1) };
const TOTALS = figures(4, 1.75, 1);

let team: Team;
beforeAll(async () => {
  team = await createTeam();
  await bring(CALLS);
});
afterAll(() => team.close());

const usage = (...args: string[]): Promise<Record<string, unknown>> =>
  team.ada.cli.json(['usage', ...args]);

it.each<[string, string, unknown[]]>([
  [
    'daily',
    'by UTC day',
    [
      { date: '2026-02-01', ...figures(1, 0.5), models: [opus(1, 0.5)] },
      { date: '2026-02-02', ...figures(2, 1.25), models: [opus(1, 1), HAIKU] },
      { date: '2026-03-10', ...figures(1, 0, 1), models: [OTHER] },
    ],
  ],
  [
    'weekly',
    'from Monday on',
    [
      { week: '2026-01-26', ...figures(1, 0.5), models: [opus(1, 0.5)] },
      { week: '2026-02-02', ...figures(2, 1.25), models: [opus(1, 1), HAIKU] },
      { week: '2026-03-09', ...figures(1, 0, 1), models: [OTHER] },
    ],
  ],
  [
    'monthly',
    'by month',
    [
      { month: '2026-02', ...figures(3, 1.75), models: [opus(2, 1.5), HAIKU] },
      { month: '2026-03', ...figures(1, 0, 1), models: [OTHER] },
    ],
  ],
  [
    'session',
    'the dearest first, with what it was about',
    [
      {
        session_id: 'session-one',
        project: SHOP,
        last_activity: CALLS[2]!.at,
        ...figures(3, 1.75),
        models: [opus(2, 1.5), HAIKU],
      },
      {
        session_id: 'session-two',
        project: '/home/ada/old/shop_2',
        last_activity: CALLS[3]!.at,
        ...figures(1, 0, 1),
        models: [OTHER],
      },
    ],
  ],
  [
    'project',
    'by folder',
    [
      { project: SHOP, ...figures(3, 1.75), models: [opus(2, 1.5), HAIKU] },
      { project: '/home/ada/old/shop_2', ...figures(1, 0, 1), models: [OTHER] },
    ],
  ],
  [
    'model',
    'each the one of its row',
    [
      { ...opus(2, 1.5), models: [opus(2, 1.5)] },
      { ...HAIKU, models: [HAIKU] },
      { ...OTHER, models: [OTHER] },
    ],
  ],
  [
    'machine',
    'with its label',
    [
      {
        machine_id: MACHINE,
        label: MACHINE.slice(0, 8),
        ...figures(4, 1.75, 1),
        models: [opus(2, 1.5), HAIKU, OTHER],
      },
    ],
  ],
  [
    'branch',
    'and what was on none',
    [
      { branch: 'main', ...figures(2, 1.5), models: [opus(2, 1.5)] },
      { branch: 'fix', ...figures(1, 0.25), models: [HAIKU] },
      { branch: '', ...figures(1, 0, 1), models: [OTHER] },
    ],
  ],
])('gives %s as JSON: %s, with models and totals', async (by, _, rows) => {
  expect(await usage(by, '--timezone', 'UTC')).toEqual({ [by]: rows, totals: TOTALS });
});

it('takes days of a zone, both ends included, and calls of a folder or of its name', async () => {
  const calls = async (...args: string[]): Promise<number> =>
    ((await usage(...args)).totals as { calls: number }).calls;
  const asked: [string[], number][] = [
    [['--until', '2026-02-01', '--timezone', 'UTC'], 1],
    [['--until', '2026-02-01', '--timezone', 'Europe/Berlin'], 0],
    [['--since', '2026-02-02', '--until', '2026-02-02', '--timezone', 'Europe/Berlin'], 3],
    [['session', '--since', '2026-02-02', '--until', '2026-02-02', '--timezone', 'UTC'], 2],
    [['--project', 'shop'], 3],
    [['branch', '--project', SHOP, '--until', '2026-02-01'], 1],
    [['--project', 'sho%__'], 0],
  ];
  for (const [args, found] of asked) expect([args, await calls(...args)]).toEqual([args, found]);
  for (const args of [
    ['--since', '2026-02-30'],
    ['--timezone', 'Mars/Base'],
    ['--csv', '--json'],
  ])
    expect(await team.ada.cli.run(['usage', ...args])).toMatchObject({ code: 2, stdout: '' });
});

it('gives a line of CSV for each day and model', async () => {
  const { stdout } = await team.ada.cli.run(['usage', '--csv', '--timezone', 'UTC']);
  expect(stdout.split('\r\n')).toEqual([
    'date,model,calls,input_tokens,output_tokens,cache_creation_tokens,cache_read_tokens,cost_usd,unpriced_calls',
    '2026-02-01,claude-opus-4-5,1,10,20,7,40,0.5,0',
    '2026-02-02,claude-opus-4-5,1,10,20,7,40,1,0',
    '2026-02-02,claude-haiku-4-5,1,10,20,7,40,0.25,0',
    '2026-03-10,not-ours,1,10,20,7,40,0,1',
    '',
  ]);
});

it('shows days, their models, what has no price, and bars as long as the cost', async () => {
  const { stdout } = await team.ada.cli.run(['usage', '--breakdown', '--timezone', 'UTC']);
  const [table, chart, note] = stdout.trimEnd().split('\n\n');
  const cells = table!.split('\n').map((row) => row.trim().split(/ {2,}/));
  expect(cells).toEqual([
    ['DAY', 'MODELS', 'INPUT', 'OUTPUT', 'CACHE+', 'CACHED', 'TOKENS', 'COST'],
    ['2026-02-01', 'opus-4-5', '10', '20', '7', '40', '77', '$0.50'],
    ['└ opus-4-5', '10', '20', '7', '40', '77', '$0.50'],
    ['2026-02-02', 'opus-4-5, haiku-4-5', '20', '40', '14', '80', '154', '$1.25'],
    ['└ opus-4-5', '10', '20', '7', '40', '77', '$1.00'],
    ['└ haiku-4-5', '10', '20', '7', '40', '77', '$0.25'],
    ['2026-03-10', 'not-ours', '10', '20', '7', '40', '77', '$0.00*'],
    ['└ not-ours', '10', '20', '7', '40', '77', '$0.00*'],
    ['total', '40', '80', '28', '160', '308', '$1.75*'],
  ]);
  const bars = chart!.split('\n').map((row) => [row.slice(0, 10), row.split('█').length - 1]);
  expect(bars.map(([day]) => day)).toEqual(['2026-02-01', '2026-02-02', '2026-03-10']);
  const [first, second, third] = bars.map(([, length]) => Number(length)) as [
    number,
    number,
    number,
  ];
  expect(third).toBe(0);
  expect(Math.abs(first / second - 0.5 / 1.25)).toBeLessThan(0.02);
  expect(note).toBe('* 1 call without a known price: their tokens count, their cost does not.');
});

const bring = async (calls: UsageRecord[]): Promise<void> => {
  const input = calls.map((record) => `${JSON.stringify(record)}\n`).join('');
  expect(await team.ada.cli.json(['import', '-'], { input })).toMatchObject({
    inserted: calls.length,
  });
};

it('finds the open block of whoever made no pause for days', async () => {
  // Every four hours: blocks begin at 00, 08 and 16. Seen from one day back they would not.
  const first = Date.parse('2026-05-01T00:30:00.000Z');
  const times = Array.from({ length: 17 }, (_, n) => new Date(first + n * 4 * 3_600_000));
  await bring(times.map((at, n) => call(`round-${n}`, at.toISOString())));
  const now = new Date('2026-05-03T19:40:00Z');
  expect(await findOpenBlock(team.ada.session, now)).toMatchObject({
    startedAt: new Date('2026-05-03T16:00:00Z'),
    endsAt: new Date('2026-05-03T21:00:00Z'),
    calls: [{ at: new Date('2026-05-03T16:30:00Z') }],
  });
});

it('follows the block that is open: what it used, how fast, and where that leads', async () => {
  expect(await usage('live')).toEqual({ block: null });
  const now = Date.now();
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  await bring([
    call('e', ago(90), { cache_read_tokens: 563, logged_cost_usd: '1' }),
    call('f', ago(30), {
      cache_read_tokens: 563,
      logged_cost_usd: '0.5',
      model: 'claude-haiku-4-5',
    }),
  ]);
  const { block } = (await usage('live')) as { block: Record<string, number> };
  const begins = Math.floor((now - 90 * 60_000) / 3_600_000) * 3_600_000;
  const left = block.minutes_left!;
  // As much as from then until some moment between the two runs of the program.
  expect(left).toBeLessThanOrEqual((begins + 5 * 3_600_000 - now) / 60_000);
  expect(left).toBeGreaterThanOrEqual(Math.floor((begins + 5 * 3_600_000 - Date.now()) / 60_000));
  expect(block).toEqual({
    started_at: new Date(begins).toISOString(),
    ends_at: new Date(begins + 5 * 3_600_000).toISOString(),
    calls: 2,
    tokens: 1200,
    tokens_per_minute: 20,
    projected_tokens: expect.any(Number),
    minutes_left: left,
    unpriced_calls: 0,
    models: ['claude-haiku-4-5', 'claude-opus-4-5'],
    cost_usd: 1.5,
    cost_usd_per_hour: 1.5,
    projected_cost_usd: expect.any(Number),
  });
  // The minutes that are left are whole ones.
  for (const [projected, perMinute] of [
    [block.projected_tokens! - 1200, 20],
    [block.projected_cost_usd! - 1.5, 1.5 / 60],
  ] as const) {
    expect(projected).toBeGreaterThanOrEqual(left * perMinute - 0.51);
    expect(projected).toBeLessThanOrEqual((left + 1) * perMinute + 0.51);
  }
  const { stdout } = await team.ada.cli.run(['usage', 'live']);
  expect(stdout).toMatch(/^Block \d\d:00 to \d\d:00\ntime +█.* h \d+ min left\n/);
  expect(stdout).toContain('used       $1.50, 1,200 tokens in 2 calls\n');
  expect(stdout).toContain('burn rate  $1.50 an hour, 20 tokens a minute\n');
  expect(stdout).toMatch(/^at the end \$\d\.\d\d, \d,\d{3} tokens, if it goes on like that$/m);
});
