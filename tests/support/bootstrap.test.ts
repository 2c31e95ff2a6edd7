import { spawn, type SpawnOptions } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(__dirname, '..', '..');
const trials = mkdtempSync(path.join(os.tmpdir(), 'coffee bootstrap '));
afterAll(() => rmSync(trials, { recursive: true }));

/** A workspace with our scripts and what `files` names, in a folder with a space in its path. */
function workspace(name: string, files: Record<string, string> = {}): string {
  const folder = path.join(trials, name);
  cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true });
  for (const [file, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

function age(folder: string, file: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(path.join(folder, file), time, time);
}

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function node(folder: string, args: string[], options: SpawnOptions = {}): Promise<Result> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (result.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (result.stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...result })));
}

/** Evaluates an expression over the bootstrap module `b`, inside its `main`. */
function bootstrap(folder: string, expression: string): Promise<Result> {
  const program = `import * as b from './scripts/bootstrap.mjs';
    await b.main(async () => console.log(JSON.stringify(${expression} ?? null)));`;
  return node(folder, ['--input-type=module', '-e', program]);
}

const lock = (version: string, optional = false) =>
  JSON.stringify({
    packages: {
      '': {},
      libs: {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version, optional },
    },
  });
const onlyA = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } });
const RECORD = 'node_modules/.package-lock.json';

describe('the bootstrap', () => {
  it('refuses an old Node in one line, and takes 20.9 and newer', async () => {
    const old = await bootstrap(root, "b.checkNode('20.8.1')");
    expect(old.code).toBe(1);
    expect(old.stderr.split('\n')[0]).toBe(
      'coffee-roadmap needs Node 20.9 or newer, this is 20.8.1.',
    );
    for (const version of ['20.9.0', '22.0.0', '24.11.1']) {
      expect((await bootstrap(root, `b.checkNode('${version}')`)).code).toBe(0);
    }
  });

  it.each([
    ['was never installed', { 'package-lock.json': lock('1.0.0') }, false],
    ['lacks a package', { 'package-lock.json': lock('1.0.0'), [RECORD]: onlyA }, false],
    [
      'lacks an optional package',
      { 'package-lock.json': lock('1.0.0', true), [RECORD]: onlyA },
      true,
    ],
    ['has another version', { 'package-lock.json': lock('2.0.0'), [RECORD]: lock('1.0.0') }, false],
    [
      'has a younger lockfile',
      { 'package-lock.json': lock('1.0.0'), [RECORD]: lock('1.0.0') },
      true,
    ],
    ['has no lockfile', { [RECORD]: lock('1.0.0') }, true],
  ])('knows a workspace that %s', async (name, files, installed) => {
    const folder = workspace(name, files as Record<string, string>);
    if (RECORD in files) age(folder, RECORD, 60);
    const { stdout } = await bootstrap(folder, 'b.isInstalled(b.root)');
    expect(stdout).toBe(`${installed}\n`);
  });

  it('installs, says so on stderr, and does it once', async () => {
    const folder = workspace('to install', {
      'package.json': '{"name":"trial","version":"1.0.0","dependencies":{"thing":"file:./thing"}}',
      'thing/package.json': '{"name":"thing","version":"1.0.0"}',
    });
    const first = await bootstrap(folder, 'b.ensureInstalled()');
    expect(first).toMatchObject({ code: 0, stdout: 'null\n' });
    expect(first.stderr).toContain('installing the npm packages');
    expect(existsSync(path.join(folder, 'node_modules/thing/package.json'))).toBe(true);
    const second = await bootstrap(folder, 'b.ensureInstalled()');
    expect(second).toEqual({ code: 0, stdout: 'null\n', stderr: '' });
  });

  it('says what to do when the installation fails', async () => {
    const folder = workspace("user's own", {
      'package.json': '{"name":"trial","dependencies":{"thing":"file:./nowhere.tgz"}}',
    });
    const { code, stderr } = await bootstrap(folder, 'b.ensureInstalled()');
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nnpm install failed \(exit code \d+\)\.\n/);
    expect(stderr).toContain(`cd '${folder.replace("'", "'\\''")}' && npm install`);
  });

  it('builds when a source is newer than the bundle, or there is none', async () => {
    const folder = workspace('to build', {
      'libs/a.ts': '',
      'libs/a.test.ts': '',
      'tsconfig.json': '',
      'scripts/build.mjs':
        "import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('dist', { recursive: true }); writeFileSync('dist/coffee-roadmap.js', '');",
    });
    for (const file of ['libs/a.ts', 'tsconfig.json', 'scripts/build.mjs']) age(folder, file, 60);
    const built = async () => (await bootstrap(folder, 'b.isBuilt(b.root)')).stdout.trim();
    expect(await built()).toBe('false');
    expect((await bootstrap(folder, 'b.ensureBuilt()')).code).toBe(0);
    expect(await built()).toBe('true');
    age(folder, 'libs/a.test.ts', -60);
    expect(await built()).toBe('true');
    age(folder, 'libs/a.ts', -60);
    expect(await built()).toBe('false');
  });
});

describe('npm start', () => {
  const PROGRAM = `
    process.on('SIGTERM', () => process.exit(7));
    console.log(JSON.stringify(process.argv.slice(2)));
    setInterval(() => undefined, 60_000);`;

  it('hands on arguments, signals and the exit code', async () => {
    const files = { [RECORD]: '{}', 'tsconfig.json': '', 'dist/coffee-roadmap.js': PROGRAM };
    const folder = workspace('to start', files);
    for (const file of ['scripts/build.mjs', 'tsconfig.json']) age(folder, file, 60);
    const child = spawn(process.execPath, ['scripts/start.mjs', '--demo', 'a b'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const [line] = await Promise.race([
      new Promise<string[]>((resolve) =>
        createInterface(child.stdout).once('line', (text) => resolve([text])),
      ),
      ended.then(() => ['it ended']),
    ]);
    expect(line).toBe('["up","--demo","a b"]');
    child.kill('SIGTERM');
    expect(await ended).toBe(7);
  });
});

describe('npm test', () => {
  it('ends with one line of counts and the exit code of jest', async () => {
    const folder = workspace('to test', {
      'jest.config.cjs': "module.exports = { testMatch: ['**/*.trial.js'], transform: {} };",
      'mixed.trial.js':
        "it('a', () => undefined); it('b', () => { throw 1 }); it.skip('c', () => 0);",
      'good.trial.js': "it('d', () => undefined);",
      'broken.trial.js': "require('./nowhere');",
      'tsconfig.json': '',
      'dist/coffee-roadmap.js': '',
    });
    for (const file of ['scripts/build.mjs', 'tsconfig.json']) age(folder, file, 60);
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const run = async (...args: string[]) => {
      const { code, stdout } = await node(folder, ['scripts/test.mjs', ...args]);
      return { code, stdout };
    };
    expect(await run()).toEqual({ code: 1, stdout: '2 passed, 2 failed, 1 skipped\n' });
    expect(await run('good')).toEqual({ code: 0, stdout: '1 passed, 0 failed, 0 skipped\n' });
    expect(await run('absent')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/\n0 passed, 0 failed, 0 skipped\n$/),
    });
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(readFileSync(path.join(folder, 'package.json'), 'utf8')).toBe('{}');
  });
});
