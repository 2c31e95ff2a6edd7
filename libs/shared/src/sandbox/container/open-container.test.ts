import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../../../../tests/support/until';
import { pipePack } from '../../git/pipe-pack';
import type { Sandbox, SandboxProcess } from '../sandbox';
import { connectTo } from './connection';
import { openContainer } from './open-container';
import { serveSandbox } from './serve';

const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };

interface Container {
  server: Server;
  /** As when it is stopped: nobody says goodbye. */
  cut(): Promise<void>;
}

async function startContainer(folder: string): Promise<Container> {
  const server = await serveSandbox({
    socket: path.join(folder, 'agent.sock'),
    root: path.join(folder, 'work'),
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  return {
    server,
    cut: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

describe('a sandbox in another container', () => {
  let folder: string;
  let container: Container;
  let sandbox: Sandbox;
  let workspace: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-container-'));
    chmodSync(folder, 0o755);
    container = await startContainer(folder);
    sandbox = await openContainer(path.join(folder, 'agent.sock'), 'daemon-1');
    workspace = path.join(sandbox.root, 'workspaces', 'attempt-1');
    await sandbox.prepareFolder(workspace);
  });
  afterEach(async () => {
    await sandbox.close();
    await container.cut();
    rmSync(folder, { recursive: true, force: true });
  });

  const sh = (script: string, more: object = {}) =>
    sandbox.run({ command: 'sh', args: ['-c', script], cwd: workspace, env, ...more });
  const start = (script: string): SandboxProcess =>
    sandbox.spawn({ command: 'sh', args: ['-c', script], cwd: workspace, env });
  const firstLine = (child: SandboxProcess) =>
    new Promise<string>((resolve) =>
      child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
  /** One that ended and waits to be reaped runs no more. */
  const runs = async (pid: number) =>
    (await sh(`grep -q '^State:.[^Z]' /proc/${pid}/status`)).code === 0;
  const closeOf = (child: SandboxProcess) =>
    new Promise<unknown[]>((resolve) => child.once('close', (...end) => resolve(end)));

  test('runs a command to its end, with input, output and code', async () => {
    const end = await sh('cat; echo oops >&2; exit 3', { input: 'in' });
    expect(end).toEqual({ code: 3, stdout: Buffer.from('in'), stderr: 'oops\n' });
    expect((await sh('echo $HTTPS_PROXY $HOME')).stdout.toString()).toBe('http://127.0.0.1:1\n');
  });

  test('carries megabytes both ways, whole and in order', async () => {
    const input = Array.from({ length: 400_000 }, (_, index) => `line ${index}\n`).join('');
    const end = await sh('tee copy | sha256sum; sha256sum < copy', { input });
    const [one, two] = end.stdout.toString().split('\n');
    expect(one).toBe(two);
    expect((await sh('cat copy')).stdout.toString()).toBe(input);
  });

  test('a process ends also when nobody wants its output any more', async () => {
    const child = start('head -c 3000000 /dev/zero; exit 3');
    const closed = closeOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await closed).toEqual([3, null]);
    const silent = start('read line; exit 4');
    const end = closeOf(silent);
    silent.stdout.destroy();
    silent.stdin.end('go\n');
    expect(await end).toEqual([4, null]);
  });

  test('a pack whose receiver has it all is not held up by a sender that lingers', async () => {
    const sender = start('printf pack; sleep 300');
    const receiver = start('head -c 4 > got');
    const { unpacked } = await pipePack(
      { process: sender, kill: () => sandbox.signal(sender, 'SIGKILL') },
      { process: receiver, kill: () => sandbox.signal(receiver, 'SIGKILL') },
      [],
    );
    expect(unpacked.code).toBe(0);
    expect((await sh('cat got')).stdout.toString()).toBe('pack');
  });

  test('ends a command that says or takes too much, and says of a missing one that it is', async () => {
    await expect(sh('yes', { maxBytes: 1_000 })).rejects.toThrow('wrote more than 1000 bytes');
    await expect(sh('sleep 60', { timeoutMs: 50 })).rejects.toThrow('took longer than 50 ms');
    const missing = { command: '/no/such/program', args: [], cwd: workspace, env };
    const end = await sandbox.run(missing).catch((error: Error) => error);
    expect(end instanceof Error ? end.message : end.stderr).toMatch(/no.such.program/);
  });

  test('holds, releases and ends a process with all that it started', async () => {
    const child = start('sleep 300 & echo $!; wait');
    const sleeper = Number(await firstLine(child));
    const state = async () => (await sh(`cut -d' ' -f3 /proc/${sleeper}/stat`)).stdout.toString();
    sandbox.signal(child, 'SIGSTOP');
    await until('it is held', async () => (await state()) === 'T\n');
    sandbox.signal(child, 'SIGCONT');
    await until('it goes on', async () => (await state()) === 'S\n');
    const closed = closeOf(child);
    await sandbox.end(child, 100);
    expect((await closed)[0]).not.toBe(0);
    expect(await runs(sleeper)).toBe(false);
  });

  test('lists, finds and removes, in its root only', async () => {
    await sh('mkdir .git && touch a && mkdir closed && chmod 0 closed');
    expect((await sandbox.listFolder(workspace)).sort()).toEqual(['.git', 'a', 'closed']);
    expect(await sandbox.listFolder(path.join(sandbox.root, 'nothing'))).toEqual([]);
    expect(await sandbox.findProgram('sh', env.PATH)).toMatch(/sh$/);
    expect(await sandbox.findProgram('no-such-program', env.PATH)).toBeUndefined();
    await sandbox.removeFolder(workspace);
    expect(existsSync(workspace)).toBe(false);
    for (const outside of [folder, '/etc', path.join(sandbox.root, '..', 'other')]) {
      await expect(sandbox.prepareFolder(outside)).rejects.toThrow('does not lie in');
      await expect(sandbox.removeFolder(outside)).rejects.toThrow('does not lie in');
      await expect(sandbox.listFolder(outside)).rejects.toThrow('does not lie in');
    }
  });

  test('what runs ends with the container, and work goes on when it is back', async () => {
    const seen: boolean[] = [];
    sandbox.followReach((reached) => seen.push(reached));
    const child = start('echo ready; sleep 300');
    await firstLine(child);
    const closed = closeOf(child);
    await container.cut();
    expect(await closed).toEqual([null, 'SIGKILL']);
    await sandbox.end(child, 0);
    await expect(sandbox.listFolder(workspace)).rejects.toMatchObject({ code: 'not_reachable' });
    container = await startContainer(folder);
    await new Promise<void>((resolve) => sandbox.followReach((reached) => reached && resolve()));
    expect(seen).toEqual([true, false, true]);
    expect((await sh('echo again')).stdout.toString()).toBe('again\n');
  });

  test('a daemon that comes again waits until nothing of its last run is left', async () => {
    const child = start(`trap '' TERM; sleep 300 & echo $!; while :; do wait; done`);
    const sleeper = Number(await firstLine(child));
    await sandbox.close();
    sandbox = await openContainer(path.join(folder, 'agent.sock'), 'daemon-1');
    expect(await runs(sleeper)).toBe(false);
  });

  test('daemons of other names have folders of their own, and a bad name has none', async () => {
    const other = await openContainer(path.join(folder, 'agent.sock'), 'daemon-2');
    expect(other.root).not.toBe(sandbox.root);
    await other.close();
    const socket = await connectTo(path.join(folder, 'agent.sock'));
    const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    const open = Buffer.from(JSON.stringify({ op: 'open', name: '../..' }));
    socket.write(Buffer.concat([Buffer.from([0, 0, 0, 0, open.length]), open]));
    expect((await answer).toString()).toContain('a daemon is named by its id');
    socket.destroy();
  });

  test('ends a connection that sends no frames', async () => {
    const socket = await connectTo(path.join(folder, 'agent.sock'));
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await ended;
    expect((await sh('echo fine')).stdout.toString()).toBe('fine\n');
  });
});
