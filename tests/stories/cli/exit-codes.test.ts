import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTeam, type Person, type Team } from './team';

let team: Team;
let bob: Person;
/** The server asks for no password, so a wrong one proves nothing. */
let trusting = false;

beforeAll(async () => {
  team = await createTeam();
  bob = await team.person('Bob');
  await team.project('shop');
  await team.ada.cli.run(['roadmap', 'add', 'Greet people']);
  trusting = (await team.program.as(withWrongPassword(bob.url)).run(['status'])).code === 0;
});
afterAll(() => team.close());

const withWrongPassword = (url: string): string => url.replace('for%20this', 'with%20another');

/** What happened, and what to do: two lines on stderr and nothing on stdout. */
async function refused(args: string[], cli = team.ada.cli, input?: string) {
  const result = await cli.run(args, { input });
  expect(result.stdout).toBe('');
  expect(result.stderr).toMatch(/^error: .+\nhint: {2}.+\n$/);
  return result;
}

describe('the exit code', () => {
  it('is 1 for what is not there', async () => {
    expect(await refused(['roadmap', 'view', '99'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no priority 99 in shop'),
    });
    expect((await refused(['notifications', 'show', '99'])).code).toBe(1);
    expect((await refused(['roadmap', 'view', '1', '--project', 'web'])).code).toBe(1);
    expect((await refused(['daemon', 'pause'])).code).toBe(1);
  });

  it.each([
    [['roadmap', 'view']],
    [['roadmap', 'view', '1', '2']],
    [['roadmap', 'view', 'one']],
    [['roadmap', 'list', '--bogus']],
    [['roadmap', 'list', '--state', 'nowhere']],
    [['roadmap', 'mvoe', '1']],
    [['raodmap']],
    [['roadmap', 'move', '1']],
    [['roadmap', 'add', 'x', '--file', 'missing.md']],
    [['roadmap', 'accept', '1', '--timeout', 'soon']],
    [['respond', 'x', 'yes']],
    [['login', 'https://example.com']],
    [['projects', 'add', 'x y', 'https://example.com/x.git']],
    [['projects', 'add', 'x', 'ext::sh -c id']],
    [['projects', 'add', 'x', os.tmpdir()]],
    [['projects', 'set', 'shop', '--minutes', '100000']],
    [['roadmap', 'add', '']],
    [['roadmap', 'add', 'two\nlines']],
    [['notifications', 'ask', '']],
    [['notifications', 'ask', 'Same?', '-o', 'a', '-o', 'A']],
    [['people', 'add', '']],
    [['daemon', 'reset']],
    [['completion', 'tcsh']],
    [['notifications', 'ask', 'Now?', '--timeout', '5m']],
  ])('is 2 for %j', async (args) => {
    expect((await refused(args)).code).toBe(2);
    const json = await refused([...args, '--json']);
    expect(json.code).toBe(2);
    expect(json.stderr).not.toContain('_check'); // words, not names of constraints
  });

  it('is 3 for what one may not do', async () => {
    expect((await refused(['people', 'add', 'Eve'], bob.cli)).code).toBe(3);
    expect((await refused(['teams', 'add', 'design'], bob.cli)).code).toBe(3);
    expect((await refused(['daemon', 'reset', '--yes'], bob.cli)).code).toBe(3);
    if (!trusting) {
      const stranger = team.program.as(withWrongPassword(bob.url));
      expect((await refused(['status'], stranger)).code).toBe(3);
    }
    const superuser = team.program.as(team.database.superuserUrl);
    expect(await refused(['status'], superuser)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('this login is nobody in this database'),
    });
  });

  it('is 4 where nobody answers', async () => {
    const away = team.program.as('postgres://u:p@127.0.0.1:1/nowhere');
    expect((await refused(['roadmap'], away)).code).toBe(4);
    expect((await refused(['status', '--json'], away)).code).toBe(4);
  });

  it('is 5 when somebody was first', async () => {
    expect((await refused(['roadmap', 'accept', '1'])).code).toBe(5);
    expect((await refused(['roadmap', 'add', 'Again', '--number', '1'])).code).toBe(5);
    expect((await refused(['daemon', 'stop', '1'])).code).toBe(5);
  });

  it('is 1 where nothing is configured or the configuration is broken', async () => {
    const fresh = team.program.as(undefined);
    expect(await refused(['status'], fresh)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no database is configured yet'),
    });
    await fresh.run(['login'], { input: `${team.ada.url}\n` });
    const file = path.join(fresh.home, '.config/coffee-roadmap/config.json');
    writeFileSync(file, '{ broken');
    expect((await refused(['status'], fresh)).code).toBe(1);
    expect((await fresh.run(['--help'])).code).toBe(0);
  });
});

it('lists the projects when it cannot know which is meant', async () => {
  await team.project('web');
  expect(await refused(['roadmap'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--project: shop, web'),
  });
  await team.ada.cli.run(['projects', 'set', 'shop', '--default']);
  expect((await team.ada.cli.json(['roadmap'])).project).toBe('shop');
  const env = { COFFEE_ROADMAP_PROJECT: 'web' };
  expect((await team.ada.cli.json(['roadmap'], { env })).project).toBe('web');
});

describe('login', () => {
  it('stores what works, closed to others, and uses it from then on', async () => {
    const cli = team.program.as(undefined);
    const result = await cli.run(['login'], { input: `${bob.url}\n` });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('You are Bob in ') });
    expect(result.stdout + result.stderr).not.toContain('for%20this%20test');
    const file = path.join(cli.home, '.config/coffee-roadmap/config.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(await cli.json(['status'])).toMatchObject({ me: { name: 'Bob', admin: false } });
  });

  it('takes the line as an argument too, with a warning', async () => {
    const cli = team.program.as(undefined);
    const result = await cli.run(['login', bob.url]);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('history') });
  });

  it('refuses a superuser, a stranger and a daemon, and stores nothing', async () => {
    const cli = team.program.as(undefined);
    const wrong = trusting ? [] : [withWrongPassword(bob.url)];
    for (const line of [team.database.superuserUrl, ...wrong]) {
      expect((await refused(['login'], cli, `${line}\n`)).code).toBe(3);
    }
    await team.daemon('builder');
    const logins = await team.ada.cli.json<{ people: { kind: string; login: string }[] }>([
      'people',
    ]);
    const { login } = logins.people.find(({ kind }) => kind === 'daemon')!;
    const line = team.database.urlFor(login, 'for this test only');
    expect(await refused(['login'], cli, line)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('kind daemon'),
    });
    expect((await refused(['login'], cli, '')).code).toBe(2);
    const file = path.join(cli.home, '.config/coffee-roadmap/config.json');
    expect(() => readFileSync(file)).toThrow();
  });

  it('refuses the login of a person who was made a superuser', async () => {
    const mallory = await team.person('Mallory');
    const login = new URL(mallory.url).username;
    const client = await team.database.connect();
    await client.query(`alter role ${login} superuser`);
    const result = await refused(['login'], team.program.as(undefined), mallory.url);
    expect(result).toMatchObject({ code: 3, stderr: expect.stringContaining('superuser') });
    await client.query(`alter role ${login} nosuperuser`);
  });
});

describe('people', () => {
  it('get a connection line that login takes, once', async () => {
    const { url } = await team.ada.cli.json<{ url: string }>(['people', 'add', 'Grace']);
    const cli = team.program.as(undefined);
    expect((await cli.run(['login'], { input: `${url}\n` })).code).toBe(0);
    expect(await cli.json(['status'])).toMatchObject({ me: { name: 'Grace', teams: ['team'] } });

    const rotated = await cli.json<{ saved: boolean; url: string }>(['people', 'rotate-password']);
    expect(rotated.saved).toBe(true);
    expect((await cli.run(['status'])).code).toBe(0);
    if (!trusting) expect((await refused(['status'], team.program.as(url))).code).toBe(3);

    expect((await refused(['people', 'remove', 'Grace'])).code).toBe(2); // nobody there to ask
    await team.ada.cli.json(['people', 'remove', 'Grace', '--yes']);
    expect((await refused(['status'], cli)).code).toBe(3);
  });
});

describe('doctor', () => {
  it('fails, and says what to do, when others can look into our files', async () => {
    const cli = team.program.as(undefined);
    await cli.run(['login'], { input: team.ada.url });
    const folder = path.join(cli.home, '.config/coffee-roadmap');
    chmodSync(folder, 0o755);
    const result = await cli.run(['doctor']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(
      /^fail {2}files +[^→]*is open\s+to other users\n +→ chmod 700 '.*'$/m,
    );
    expect(result.stderr).toMatch(/^error: 1 check failed\nhint: {2}.+\n$/);
    const json = await cli.run(['doctor', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false });
  });

  it('fails without a database', async () => {
    const away = team.program.as('postgres://u:p@127.0.0.1:1/nowhere');
    const result = await away.run(['doctor']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/^fail {2}database +the database does not answer/m);
  });
});
