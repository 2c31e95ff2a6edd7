import { rmSync } from 'node:fs';
import path from 'node:path';
import { createWorld, type World } from '../../../db/tests/world';
import { buildCli, type CliProgram } from '../cli/program';
import { buildDashboard, type DashboardBuild } from '../../support/dashboard-program';
import { createVisitor } from './visitor';

let world: World;
let program: CliProgram;
let build: DashboardBuild;
beforeAll(async () => {
  world = await createWorld();
  program = buildCli();
  build = buildDashboard();
});
afterAll(async () => {
  await build.close();
  program.remove();
  await world.close();
});

const urlOf = (who: 'ben' | 'dashboard'): string => {
  const { login, password } = world.login(who);
  return world.database.urlFor(login, password);
};
interface Listed {
  sessions: { id: string; dashboard: string }[];
}
const codeIn = (link: string): string => new URL(link).hash.slice(1);

describe('coffee-roadmap dashboard', () => {
  it('serves its person alone; another link comes from another terminal; Ctrl-C ends it', async () => {
    const ben = program.as(urlOf('ben'));
    const running = ben.start(['dashboard', '--port', '0', '--json']);
    await running.said(/"link"/);
    const { link, address } = JSON.parse(running.stdout()) as { link: string; address: string };
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#[0-9a-f]{32}$/);
    expect(link.length).toBeLessThan(80);

    const visitor = createVisitor(address);
    expect((await visitor.get('/api/now')).status).toBe(401);
    expect((await visitor.post('/api/sign-in', { code: codeIn(link) })).status).toBe(200);
    expect((await visitor.get('/api/now')).body).toMatchObject({ projects: [{ name: 'red' }] });
    expect((await visitor.post('/api/sign-in', { code: codeIn(link) })).status).toBe(404);

    const more = await ben.json<{ link: string }>(['dashboard', '--link']);
    const second = createVisitor(address);
    expect((await second.post('/api/sign-in', { code: codeIn(more.link) })).status).toBe(200);
    expect((await second.get('/api/me')).body).toMatchObject({ name: 'ben', kind: 'own' });

    const listed = await ben.json<Listed>(['dashboard', '--sessions']);
    const own = listed.sessions.filter((one) => one.dashboard === 'own');
    expect(own).toHaveLength(2);
    await ben.run(['dashboard', '--revoke', own[0]!.id.slice(0, 8)]);
    expect((await second.get('/api/now')).status).toBe(401);
    expect((await visitor.get('/api/sessions')).body).toMatchObject({
      kind: 'own',
      sessions: [{ current: true }],
    });

    const refused = await ben.run(['dashboard']);
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('runs already')]);

    running.kill('SIGINT');
    await running.ended;
    await expect(fetch(address)).rejects.toThrow();
  });

  it('makes a link to the team’s, with one’s own login, where none runs here', async () => {
    const team = await build.start({ database_url: urlOf('dashboard') });
    const ben = program.as(urlOf('ben'));
    const { link } = await ben.json<{ link: string }>(['dashboard', '--link'], {
      env: { COFFEE_ROADMAP_DASHBOARD_PUBLIC_URL: team.address },
    });
    const visitor = createVisitor(team.address);
    expect((await visitor.post('/api/sign-in', { code: codeIn(link) })).body).toMatchObject({
      name: 'ben',
    });
    expect((await visitor.get('/api/me')).body).toMatchObject({ kind: 'shared', teams: ['team'] });

    const { sessions } = await ben.json<Listed>(['dashboard', '--sessions']);
    expect(new Set(sessions.map((one) => one.dashboard))).toEqual(new Set(['shared']));
    expect((await ben.run(['dashboard', '--sessions'])).stdout).toMatch(
      /ID .*\n[0-9a-f]{8} .*team/,
    );
    const unknown = await ben.run(['dashboard', '--revoke', 'abcd']);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('--sessions')]);
    expect((await ben.run(['dashboard', '--link', '--revoke', 'all'])).code).toBe(2);
    expect(await ben.json(['dashboard', '--revoke', 'all'])).toEqual({
      ended: sessions.length,
    });
    expect((await visitor.get('/api/now')).status).toBe(401);
  });

  it('says what is wrong, and what to do', async () => {
    const nobody = program.as(undefined);
    const unconfigured = await nobody.run(['dashboard']);
    expect([unconfigured.code, unconfigured.stderr]).toEqual([
      1,
      expect.stringMatching(/no database is configured yet\n.*npm start/),
    ]);
    const ben = program.as(urlOf('ben'));
    const first = ben.start(['dashboard', '--port', '0', '--json']);
    await first.said(/"link"/);
    const { address } = JSON.parse(first.stdout()) as { address: string };
    rmSync(path.join(ben.home, '.local/state/coffee-roadmap/dashboard.json'));
    rmSync(path.join(ben.home, '.local/state/coffee-roadmap/dashboard-process.json'));
    const taken = await ben.run(['dashboard', '--port', new URL(address).port]);
    expect([taken.code, taken.stderr]).toEqual([
      1,
      expect.stringMatching(/port \d+ of 127\.0\.0\.1 cannot be used[^]*--port/),
    ]);
    first.kill('SIGTERM');
    await first.ended;
  });
});
