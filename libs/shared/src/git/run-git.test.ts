import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkGit, judgeVersion } from './check-git';
import { passEnvironmentToGit } from './environment';
import { gitFailure, lastLines } from './failure';
import { commitMessage } from './message';
import { runGit } from './run-git';
import { git, makeRoot } from './testing/project';

describe('runGit', () => {
  let root: string;
  beforeEach(() => (root = makeRoot()));
  afterEach(() => {
    passEnvironmentToGit({});
    rmSync(root, { recursive: true, force: true });
  });

  it('inherits nothing from the daemon', async () => {
    process.env.DATABASE_URL_OF_THIS_TEST = 'postgres://secret';
    const { stdout } = await runGit(['show-it'], { config: [['alias.show-it', '!env']] });
    delete process.env.DATABASE_URL_OF_THIS_TEST;
    expect(stdout).toContain('GIT_CONFIG_GLOBAL=/dev/null');
    expect(stdout).not.toMatch(/secret|^HOME=/m);
  });

  it('is deaf to the hooks and settings of the repository', async () => {
    git(root, 'init', '-q', '--bare', 'a.git');
    const gitDir = path.join(root, 'a.git');
    git(gitDir, 'config', 'core.hooksPath', '/hostile');
    git(gitDir, 'config', 'core.fsmonitor', 'touch /hostile');
    const { stdout } = await runGit(['config', '--get', 'core.hooksPath'], { gitDir });
    expect(stdout.trim()).toBe('/dev/null');
  });

  it('ends a git that takes too long, with its children', async () => {
    const config: [string, string][] = [['alias.wait', '!sleep 600; :']];
    const started = Date.now();
    // It would wait for whoever still holds its output.
    const call = runGit(['wait'], { config, timeoutMs: 300 });
    await expect(call).rejects.toThrow(/^git wait took too long$/);
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  it('says that git is missing', async () => {
    passEnvironmentToGit({ PATH: root });
    await expect(runGit(['--version'])).rejects.toMatchObject({ code: 'not_configured' });
    await expect(checkGit()).resolves.toMatchObject({ available: false, version: null });
  });

  it('refuses output beyond its limit', async () => {
    writeFileSync(path.join(root, 'big'), 'x'.repeat(100_000));
    await expect(
      runGit(['diff', '--no-index', '--', '/dev/null', 'big'], { cwd: root, maxBytes: 1000 }),
    ).rejects.toThrow('more than can be read');
  });
});

describe('checkGit', () => {
  it('finds this machine’s git', async () => {
    await expect(checkGit()).resolves.toMatchObject({ available: true });
  });

  it.each([
    ['git version 2.38.0', true],
    ['git version 2.39.3 (Apple Git-146)', true],
    ['git version 3.0.0', true],
    ['git version 2.37.9', false],
    ['git version 1.99', false],
    ['nonsense', false],
  ])('judges %j', (line, available) => {
    expect(judgeVersion(line, 'Install it.').available).toBe(available);
  });
});

describe('gitFailure', () => {
  it('keeps the last lines, masked and without terminal escapes', () => {
    const stderr =
      'Counting: 10%\rCounting: 100%\n\u001b[31mfatal: https://u:p@h/ is bad\u001b[0m\n';
    expect(lastLines(stderr)).toBe('Counting: 100%; [31mfatal: https://***@h/ is bad [0m');
  });

  it.each([
    ['fatal: unable to access: Could not resolve host: example.org', 'not_reachable'],
    ['error: RPC failed; HTTP 503', 'not_reachable'],
    ['fatal: Authentication failed for https://example.org', 'git_failed'],
    ['git@h: Permission denied (publickey).\nConnection closed', 'git_failed'],
    ["fatal: couldn't find remote ref refs/heads/x", 'git_failed'],
  ])('tells %j as %s', (stderr, code) => {
    expect(gitFailure({ verb: 'fetch', stderr, code: 128 })).toMatchObject({ code });
  });
});

describe('commitMessage', () => {
  it('puts each trailer on one line', () => {
    expect(commitMessage('Hello\r\n\u0000world', [['Roadmap-Item', '1\nSigned-off-by: X']])).toBe(
      'Hello\nworld\n\nRoadmap-Item: 1 Signed-off-by: X\n',
    );
  });

  it('refuses an empty message and a bad trailer', () => {
    expect(() => commitMessage(' \n')).toThrow('needs a message');
    expect(() => commitMessage('x', [['a b', 'c']])).toThrow('trailer');
  });
});
