import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSandbox } from './open-sandbox';
import type { Sandbox } from './sandbox';

const isRoot = process.getuid?.() === 0;
const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };

describe.each([
  ['with bubblewrap where it works', true],
  ['without bubblewrap', false],
])('a sandbox %s', (_, bubblewrap) => {
  let outer: string;
  let sandbox: Sandbox;
  let workspace: string;

  beforeEach(async () => {
    outer = mkdtempSync(path.join(os.tmpdir(), 'coffee sandbox '));
    chmodSync(outer, 0o755);
    sandbox = await openSandbox({ root: path.join(outer, 'work'), hide: [], bubblewrap });
    workspace = path.join(sandbox.root, 'a', 'workspace');
    await sandbox.prepareFolder(workspace);
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  const sh = (
    script: string,
    more: { input?: string; maxBytes?: number; timeoutMs?: number } = {},
  ) => sandbox.run({ command: 'sh', args: ['-c', script], cwd: workspace, env, ...more });

  test('runs a command to its end, with input, output and code', async () => {
    const end = await sh('cat; echo oops >&2; exit 3', { input: 'in' });
    expect(end).toEqual({ code: 3, stdout: Buffer.from('in'), stderr: 'oops\n' });
  });

  test('ends a command that says or takes too much', async () => {
    await expect(sh('yes', { maxBytes: 1_000 })).rejects.toThrow('wrote more than 1000 bytes');
    await expect(sh('sleep 60', { timeoutMs: 50 })).rejects.toThrow('took longer than 50 ms');
  });

  test('says of a missing program that it did not start', async () => {
    const command = { command: 'no-such-program', args: [], cwd: workspace, env };
    const end = await sandbox.run(command).catch((error: Error) => error);
    expect(end instanceof Error ? end.message : end.stderr).toMatch(/no-such-program/);
  });

  test('prepares a folder again without a change, closed to everybody else', async () => {
    await sh('echo kept > file');
    await sandbox.prepareFolder(workspace);
    expect(existsSync(path.join(workspace, 'file'))).toBe(true);
    expect(statSync(workspace).mode & 0o777).toBe(0o700);
  });

  test('removes what the agent made unreadable', async () => {
    await sh('mkdir -p a/b && touch a/b/c && chmod 0 a/b && chmod 500 a');
    await sandbox.removeFolder(workspace);
    expect(existsSync(workspace)).toBe(false);
    await sandbox.removeFolder(workspace);
  });

  test('neither opens nor removes what a link in the agent’s folder points to', async () => {
    const precious = path.join(outer, 'precious');
    mkdirSync(precious, { mode: 0o700 });
    writeFileSync(path.join(precious, 'file'), '');
    await sh(`ln -s '${precious}' link`);
    await expect(sandbox.prepareFolder(path.join(workspace, 'link'))).rejects.toThrow('no folder');
    await expect(sandbox.prepareFolder(path.join(workspace, 'link', 'x'))).rejects.toThrow();
    await sandbox.removeFolder(workspace);
    expect(existsSync(path.join(precious, 'file'))).toBe(true);
    expect(statSync(precious).uid).toBe(process.getuid?.());
  });

  test('touches nothing outside its root', async () => {
    for (const folder of [outer, sandbox.root, '/etc', path.join(sandbox.root, '..', 'x')]) {
      await expect(sandbox.prepareFolder(folder)).rejects.toThrow('does not lie in');
      await expect(sandbox.removeFolder(folder)).rejects.toThrow('does not lie in');
    }
  });

  test('makes a program usable that lies in a closed folder, through links too', async () => {
    const closed = path.join(outer, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const program = path.join(closed, 'hello');
    writeFileSync(program, '#!/bin/sh\necho hello\n', { mode: 0o700 });
    symlinkSync(program, path.join(outer, 'link'));
    const command = await sandbox.expose(path.join(outer, 'link'));
    const end = await sandbox.run({ command, args: [], cwd: workspace, env });
    expect(end.stdout.toString()).toBe('hello\n');
    expect(await sandbox.expose(program)).toBe(command);
    const write = await sh(`echo changed > '${command}'`);
    expect(sandbox.kind === 'none' || write.code !== 0).toBe(true);
  });
});

(isRoot ? test : test.skip)('another uid gets a root that it can reach', async () => {
  const outer = mkdtempSync(path.join(os.tmpdir(), 'coffee-closed-'));
  const wanted = path.join(outer, 'work');
  const sandbox = await openSandbox({ root: wanted, hide: [outer] });
  try {
    expect(sandbox.root).toMatch(/^\/var\/tmp\/coffee-roadmap-[0-9a-f]{12}$/);
    expect((await openSandbox({ root: wanted, hide: [outer] })).root).toBe(sandbox.root);
    const workspace = path.join(sandbox.root, 'workspace');
    await sandbox.prepareFolder(workspace);
    const end = await sandbox.run({ command: 'touch', args: ['x'], cwd: workspace, env });
    expect(end.code).toBe(0);
  } finally {
    rmSync(sandbox.root, { recursive: true, force: true });
    rmSync(outer, { recursive: true, force: true });
  }
});

(isRoot ? test : test.skip)(
  'another uid that can read a hidden folder is not isolated',
  async () => {
    const outer = mkdtempSync(path.join(os.tmpdir(), 'coffee-open-'));
    chmodSync(outer, 0o755);
    const options = { root: path.join(outer, 'work'), hide: [outer], bubblewrap: false };
    try {
      expect(await openSandbox(options)).toMatchObject({
        kind: 'uid',
        isolated: false,
        description: expect.stringContaining(`can read ${outer}; chmod 700 it`),
      });
    } finally {
      rmSync(outer, { recursive: true, force: true });
    }
  },
);
