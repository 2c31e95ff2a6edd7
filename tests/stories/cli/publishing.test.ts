import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { startIssuesApi } from '@coffee-roadmap/shared/issues/testing/issues-api';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, query } from '../../support/database';
import { until } from '../../support/until';
import { join, month, ok } from './published-time';
import { createTeam, type Person, type Team } from './team';

let team: Team;
let bea: Person;
beforeAll(async () => {
  team = await createTeam();
  bea = await team.person('Bea');
  await join(team.database.superuserUrl, 'Bea');
  await team.project('shop');
  await Promise.all([
    ok(team.ada, 'teams', 'granularity', '--period', 'day', '--per', 'issue', '--from', month),
    ok(team.ada, 'roadmap', 'add', 'Sign in by link'),
    ok(team.ada, 'projects', 'set', 'shop', '--rounding', '15m/day'),
    ok(team.ada, 'rates', 'set', 'shop', '80', '--from', `${month}-01`),
    ok(bea, 'projects', 'link', '/home/bea/shop', '--project', 'shop'),
  ]);
});
afterAll(() => team.close());

it('names issues of the roadmap and of GitHub by their titles', async () => {
  const api = await startIssuesApi();
  const env = { COFFEE_ROADMAP_GITHUB_API: api.url };
  const { cli } = bea;
  try {
    await ok(bea, 'init', '--label', 'desk');
    const { issues } = await cli.json<{ issues: object[] }>(['issues']);
    expect(issues).toEqual([{ id: 'local:1', title: 'Sign in by link', url: null, state: 'open' }]);
    const started = await cli.run(['start', 'github:us/shop#7'], { env });
    expect(started.stdout).toContain('github:us/shop#7 (Title 7) runs.');
    // Known by now; and what nobody knows is recorded all the same.
    await api.close();
    const stopped = await cli.run(['stop'], { env });
    expect(stopped.stdout).toContain('github:us/shop#7 (Title 7) is stopped');
    const unknown = await cli.run(['log', '5m', '--issue', 'github:us/shop#8'], { env });
    expect([unknown.code, unknown.stderr]).toEqual([0, expect.stringContaining('not known')]);
    await ok(bea, 'log', '45m', '--issue', '1', '--at', '00:10');
    // What was just said is in what is published, and needs no command before.
    await ok(bea, 'publish', '--dry-run');
    expect(await ok(bea, 'recompute')).toBe('Nothing has changed.\n');
    const report = await ok(bea, 'report', '--month');
    expect(report).toContain('local:1 Sign in by link');
  } finally {
    await api.close();
  }
});

it('publishes by a commit in the background, which fails no commit', async () => {
  const folder = path.join(bea.cli.home, 'shop');
  const env = {
    ...{ PATH: process.env.PATH, HOME: bea.cli.home, GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_NAME: 'b', GIT_AUTHOR_EMAIL: 'b@example.org' },
    ...{ GIT_COMMITTER_NAME: 'b', GIT_COMMITTER_EMAIL: 'b@example.org', DATABASE_URL: bea.url },
  };
  const git = (...args: string[]): number | null =>
    spawnSync('git', args, { cwd: folder, env: env as NodeJS.ProcessEnv }).status;
  mkdirSync(folder, { recursive: true });
  git('init', '-q');
  await ok(bea, 'hooks', 'install', 'git', folder);
  expect(git('commit', '-q', '--allow-empty', '-m', 'one')).toBe(0);
  const runs = (): Promise<{ ok: boolean }[]> =>
    query(
      team.database.superuserUrl,
      `select ok from coffee.publications where layer = 'git_hook' and person_id = $1`,
      [bea.session.me.id],
    );
  await until('the commit has published', async () => (await runs()).length > 0, 60_000);
  expect((await runs()).every(({ ok }) => ok)).toBe(true);
}, 120_000);

it('keeps detail at home where the team has a database of its own: only totals arrive there', async () => {
  const home = await createTestDatabase();
  try {
    const dora = await team.person('Dora');
    await join(team.database.superuserUrl, 'Dora');
    const password = 'for this test only';
    const login = await ensureLogin(home.superuserUrl, { kind: 'person', name: 'Dora', password });
    const [{ id }] = (await query<{ id: string }>(
      home.superuserUrl,
      `select id from priv.principals where name = 'Dora'`,
    )) as [{ id: string }];
    const cli = team.program.as(home.urlFor(login, password));
    const env = { TEAM_DATABASE_URL: dora.url };
    const cwd = path.join(cli.home, 'shop');
    mkdirSync(cwd, { recursive: true });
    for (const args of [
      ['init', '--label', 'home'],
      ['log', '81m', 'a secret note', '--issue', '1', '--at', `${month}-05T09:00:00Z`],
      ['push'],
      ['report'],
      ['projects', 'link', cwd, '--project', 'shop'],
      ['publish'],
    ]) {
      const { code, stderr } = await cli.run(args, { env, cwd });
      expect([args, code, code === 0 ? '' : stderr]).toEqual([args, 0, '']);
    }
    const { machines } = JSON.parse((await cli.run(['status', '--json'], { env })).stdout) as {
      machines: object[];
    };
    expect(machines).toMatchObject([{ label: 'home', road: 'direct', waiting: 0 }]);
    // One of the two is away: what the other knows is shown, and which one it is.
    const away = 'postgres://dora:x@127.0.0.1:9/gone';
    const own = await cli.run(['status', '--json'], { env: { ...env, DATABASE_URL: away } });
    expect([own.code, JSON.parse(own.stdout)]).toMatchObject([
      0,
      {
        me: { name: 'Dora' },
        machines: [{ label: 'home', road: 'direct', waiting: null }],
        own_database: { name: 'gone', problem: expect.stringContaining('ECONNREFUSED') as string },
      },
    ]);
    const theirs = await cli.run(['status', '--json'], { env: { TEAM_DATABASE_URL: away } });
    expect([theirs.code, theirs.stderr]).toEqual([
      4,
      expect.stringContaining('the team’s database'),
    ]);
    expect(JSON.parse(theirs.stdout)).toMatchObject({ machines, own_database: { problem: null } });
    const rowsOf = async (database: string, person: string): Promise<string[]> => {
      const tables = await query<{ name: string }>(
        database,
        `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relkind in ('r', 'p') and a.attname = 'person_id'
           and c.relnamespace in ('coffee'::regnamespace, 'priv'::regnamespace) order by 1`,
      );
      const counts = tables.map(async ({ name }) => {
        const sql = `select 1 from ${name} where person_id = $1 limit 1`;
        return (await query(database, sql, [person])).length > 0 ? [name] : [];
      });
      return (await Promise.all(counts)).flat();
    };
    expect(await rowsOf(team.database.superuserUrl, dora.session.me.id)).toEqual([
      'coffee.publications',
      'coffee.published_lines',
      'coffee.published_months',
      'coffee.published_summaries',
    ]);
    expect(await rowsOf(home.superuserUrl, id)).toEqual(
      expect.arrayContaining(['coffee.activity_events', 'coffee.project_links', 'coffee.streams']),
    );
    expect(await ok(team.ada, 'billing', 'report', '--month', month)).toMatch(
      /Dora +local:1 Sign in by link +1.35 +1.50 /,
    );
  } finally {
    await home.drop();
  }
});

it('publishes to the other teams where one refuses, and says what that one said', async () => {
  const { superuserUrl } = team.database;
  await ok(team.ada, 'teams', 'add', 'alpha');
  await join(superuserUrl, 'Bea');
  await query(
    superuserUrl,
    `create function public.refuse() returns trigger language plpgsql security definer as $$ begin
       if new.team_id = (select id from coffee.teams where name = 'alpha') then
         raise 'alpha takes nothing' using errcode = 'CR001';
       end if;
       return new;
     end $$;
     create trigger refuse before insert on coffee.published_summaries
       for each row execute function public.refuse()`,
  );
  const { code, stderr } = await bea.cli.run(['publish', '--layer', 'ci']);
  expect([code, stderr]).toEqual([5, expect.stringContaining('alpha takes nothing')]);
  const runs = await query(
    superuserUrl,
    `select t.name = 'alpha' as refuses, r.ok, r.code, r.periods > 0 as some
     from coffee.publications r join coffee.teams t on t.id = r.team_id
     where r.layer = 'ci' order by t.name`,
  );
  expect(runs).toEqual([
    { refuses: true, ok: false, code: 'conflict', some: false },
    { refuses: false, ok: true, code: null, some: true },
  ]);
});
