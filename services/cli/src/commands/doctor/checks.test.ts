import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { ListedProject } from '@coffee-roadmap/shared/projects/queries';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkAgent, checkBudget } from './check-daemons';
import { checkClock, checkVersion } from './check-database';
import { checkFiles } from './check-files';
import { checkNode } from './check-machine';
import { fold } from './finding';

it.each([
  ['20.9.0', 'ok'],
  ['22.1.0', 'ok'],
  ['20.8.1', 'fail'],
  ['18.20.0', 'fail'],
])('Node %s: %s', (version, state) => {
  expect(checkNode(version).state).toBe(state);
});

it.each([
  [180_000, 'ok'],
  [180_004, 'ok'],
  [190_000, 'ok'],
  [170_006, 'ok'],
  [170_005, 'warn'],
  [160_010, 'ok'],
  [160_009, 'warn'],
  [150_014, 'ok'],
  [150_013, 'warn'],
  [140_020, 'fail'],
])('Postgres %i: %s', (version, state) => {
  expect(checkVersion(version).state).toBe(state);
});

it.each([
  [0, 5, 'ok'],
  [-1_900, 0, 'ok'],
  [2_500, 2_000, 'ok'], // the answer took so long that it may be right
  [3_000, 10, 'warn'],
  [-40_000, 10, 'fail'],
])('a clock that differs by %i ms, asked in %i ms: %s', (skew, roundTrip, state) => {
  expect(checkClock(skew, roundTrip).state).toBe(state);
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'doctor-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('have to be closed to others, and to be one’s own', () => {
    const paths = {
      config: path.join(folder, 'config'),
      data: path.join(folder, 'data'),
      state: path.join(folder, 'missing'),
    };
    mkdirSync(paths.config, { mode: 0o700 });
    mkdirSync(paths.data, { mode: 0o700 });
    writeFileSync(path.join(paths.data, 'logins.json'), '{}', { mode: 0o600 });
    expect(checkFiles(paths, process.getuid?.())).toMatchObject([{ state: 'ok' }]);
    chmodSync(paths.config, 0o750);
    chmodSync(path.join(paths.data, 'logins.json'), 0o644);
    expect(checkFiles(paths, process.getuid?.())).toMatchObject([
      { state: 'fail', hint: `chmod 700 '${paths.config}'` },
      { state: 'fail', hint: `chmod 600 '${path.join(paths.data, 'logins.json')}'` },
    ]);
    const others = checkFiles(paths, process.getuid!() + 1);
    expect(others[0]).toMatchObject({
      state: 'fail',
      message: expect.stringContaining('another user'),
    });
  });
});

describe('an agent', () => {
  const project = { id: 'p', name: 'shop', team_id: 't', agent: 'claude', items: { planned: 2 } };
  const daemon = (available: boolean, more: Partial<Daemon> = {}): Daemon =>
    ({
      live: true,
      team_ids: ['t'],
      agents: [
        {
          name: 'claude',
          available,
          reason: available ? 'found' : 'no credential',
          hint: 'Log in.',
          projects: ['p'],
        },
      ],
      ...more,
    }) as Daemon;
  const check = (...daemons: Daemon[]) => checkAgent(project as ListedProject, daemons);

  it('is missing only when no daemon that serves the project has it', () => {
    expect(check(daemon(false))).toMatchObject([
      {
        state: 'warn',
        message: 'shop: no claude: no credential; 2 priorities wait',
        hint: 'Log in.',
      },
    ]);
    expect(check(daemon(false), daemon(true))).toMatchObject([{ state: 'ok' }]);
    expect(check(daemon(true, { team_ids: ['other'] }), daemon(false))[0]?.state).toBe('warn');
    expect(check(daemon(true, { live: false }))).toEqual([]); // that nobody reports is said already
    expect(check(daemon(true, { agents: [] }))[0]?.state).toBe('warn');
  });

  it('that another project has is not this one’s', () => {
    const [other] = daemon(true).agents;
    const [own] = daemon(false).agents;
    const both = daemon(true, { agents: [{ ...other!, projects: ['q'] }, own!] });
    expect(check(both)).toMatchObject([{ state: 'warn', hint: 'Log in.' }]);
  });
});

it('a budget that is spent is told where work waits for it', () => {
  const check = (planned: number, spent_today_usd: string) =>
    checkBudget({
      name: 'shop',
      items: { planned },
      budget_day_usd: '5',
      spent_today_usd,
    } as unknown as ListedProject);
  expect(check(2, '5.01')).toMatchObject([
    {
      state: 'warn',
      message: 'shop: today’s budget is spent; 2 priorities wait until midnight UTC',
    },
  ]);
  expect(check(2, '4.99')).toEqual([]);
  expect(check(0, '6')).toEqual([]);
});

it('breaks lines at spaces and keeps long words whole', () => {
  expect(fold('one two three', 8)).toEqual(['one two', 'three']);
  expect(fold('/a/very/long/path x', 5)).toEqual(['/a/very/long/path', 'x']);
  expect(fold('', 5)).toEqual(['']);
});
