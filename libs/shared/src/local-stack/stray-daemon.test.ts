import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../postgres/processes';
import { endStrayDaemon, noteDaemon } from './stray-daemon';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee stray '));
  file = path.join(folder, 'daemon.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Named as without /proc one is recognised. */
async function startSleeper(): Promise<number> {
  const program = path.join(folder, 'daemon.js');
  writeFileSync(program, 'process.stdout.write("up"); setInterval(() => undefined, 60_000)');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid!;
}

it('ends the daemon that was noted, says so, and forgets it', async () => {
  const pid = await startSleeper();
  noteDaemon(file, pid);
  const said: string[] = [];
  expect(await endStrayDaemon(file, (line) => said.push(line))).toBe(true);
  expect(said).toEqual([expect.stringContaining(`process ${pid}`)]);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(file)).toBe(false);
  expect(await endStrayDaemon(file)).toBe(false);
});

it('leaves a process alone that only has the same pid', async () => {
  const pid = await startSleeper();
  try {
    writeFileSync(file, JSON.stringify({ pid, identity: `${pid}@1` }), { mode: 0o600 });
    expect(await endStrayDaemon(file)).toBe(false);
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(file)).toBe(false);
  } finally {
    process.kill(pid, 'SIGKILL');
  }
});
