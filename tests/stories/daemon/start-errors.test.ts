import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createStack, type Stack } from '../../support/stack';

interface End {
  code: number | null;
  lines: string[];
}

describe('a daemon that cannot start says what is wrong and what to do, in two lines', () => {
  let stack: Stack;
  let home: string;
  beforeAll(async () => {
    stack = await createStack();
    home = path.join(stack.folder, 'home-nobody');
    mkdirSync(home, { mode: 0o700 });
  });
  afterAll(() => stack.close());

  function start(settings: Record<string, string>): Promise<End> {
    const child = spawn(process.execPath, [path.resolve('dist', 'daemon.js')], {
      env: { PATH: process.env.PATH, HOME: home, ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, lines: said.trim().split('\n') }));
    });
  }
  const withUrl = (url: string, more = {}) => start({ COFFEE_ROADMAP_DAEMON_URL: url, ...more });
  const NO_LOGIN =
    'npm start gives the daemon of this machine its login; ' +
    'elsewhere coffee-roadmap people add NAME --kind daemon prints one.';

  it('nothing is configured, and more is wrong: all of it at once', async () => {
    expect(await start({ COFFEE_ROADMAP_LEASE_S: 'long', COFFEE_ROADMAP_PARALLEL: '0' })).toEqual({
      code: 1,
      lines: [
        'COFFEE_ROADMAP_DAEMON_URL or COFFEE_ROADMAP_DAEMON_URL_FILE is not set; ' +
          'COFFEE_ROADMAP_LEASE_S must be 0.5 to 900, not "long"; ' +
          'COFFEE_ROADMAP_PARALLEL must be 1 to 32, not "0"',
        NO_LOGIN,
      ],
    });
  });

  it('the file with the address is not there, or holds something else', async () => {
    const file = path.join(home, 'daemon.url');
    const name = 'COFFEE_ROADMAP_DAEMON_URL_FILE';
    expect(await start({ [name]: file })).toEqual({
      code: 1,
      lines: [`${name}: there is no ${file}`, NO_LOGIN],
    });
    writeFileSync(file, 'hunter2');
    expect(await start({ [name]: file })).toEqual({
      code: 1,
      lines: [`${name} holds no address like postgres://…`, NO_LOGIN],
    });
  });

  it('nobody answers there', async () => {
    const { code, lines } = await withUrl('postgres://x:hunter2@127.0.0.1:1/coffee');
    expect(code).toBe(4);
    expect(lines).toEqual([
      'the database does not answer: connect ECONNREFUSED 127.0.0.1:1',
      expect.stringContaining('npm start brings it up'),
    ]);
  });

  it('the password is wrong, or the login is a person’s', async () => {
    const { url } = await stack.person('ada');
    const wrong = new URL(url);
    wrong.password = 'hunter2';
    const refused = await withUrl(wrong.href);
    expect(refused.code).toBe(3);
    expect(refused.lines).toEqual([
      expect.stringMatching(/^password authentication failed/),
      NO_LOGIN,
    ]);
    expect(await withUrl(url)).toEqual({
      code: 3,
      lines: ['this login is of kind person, not daemon', NO_LOGIN],
    });
  });

  it('the database has not been migrated', async () => {
    const url = new URL(stack.database.superuserUrl);
    url.pathname = '/template1';
    expect(await withUrl(url.href)).toEqual({
      code: 5,
      lines: [
        expect.stringMatching(/does not exist/),
        'Run npm start, or npm run db:migrate as its superuser.',
      ],
    });
  });

  it('there is no git', async () => {
    expect(await withUrl('postgres://x:y@127.0.0.1:1/coffee', { PATH: home })).toEqual({
      code: 1,
      lines: ['git was not found', 'Install git 2.38 or newer.'],
    });
  });

  it('it runs already', async () => {
    const running = await stack.daemon('worker');
    expect(
      await start({
        HOME: running.home,
        COFFEE_ROADMAP_DAEMON_URL_FILE: path.join(running.home, 'daemon.url'),
      }),
    ).toEqual({
      code: 5,
      lines: [
        `worker runs here already (process ${running.pid})`,
        `End it first (kill ${running.pid}), or name another COFFEE_ROADMAP_DAEMON_FOLDER.`,
      ],
    });
  });
});
