import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { withMirrorLock } from './mirror-lock';
import { makeRoot } from './testing/project';

let root: string;
let mirror: string;
beforeEach(() => {
  root = makeRoot();
  mirror = path.join(root, 'm.git');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The lock of a process that has ended without giving it back. */
function leaveLock(holder: { host?: string; pid?: number } = {}): string {
  const dead = spawnSync('true').pid;
  mkdirSync(`${mirror}.locks`, { recursive: true });
  const file = path.join(`${mirror}.locks`, '7');
  const host = hostname();
  writeFileSync(file, JSON.stringify({ free: false, pid: dead, startedAt: '1', host, ...holder }));
  return file;
}

describe('withMirrorLock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = () =>
      withMirrorLock(mirror, async () => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all(Array.from({ length: 8 }, work));
    expect(most).toBe(1);
    expect(readdirSync(`${mirror}.locks`)).toHaveLength(1);
  });

  it('gives it back when the work fails', async () => {
    await expect(withMirrorLock(mirror, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    await expect(withMirrorLock(mirror, async () => 'yes')).resolves.toBe('yes');
  });

  it('takes over from a process that was killed, one at a time', async () => {
    leaveLock();
    let inside = 0;
    const work = () =>
      withMirrorLock(mirror, async () => {
        expect(++inside).toBe(1);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all([work(), work(), work()]);
  });

  it('knows a new process with an old one’s pid', async () => {
    leaveLock({ pid: process.pid });
    await expect(withMirrorLock(mirror, async () => 'in')).resolves.toBe('in');
  });

  it('takes over from another machine only after its silence', async () => {
    const file = leaveLock({ host: 'a-container-that-is-gone' });
    await expect(withMirrorLock(mirror, async () => 'in', 100)).rejects.toMatchObject({
      code: 'conflict',
    });
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(file, longAgo, longAgo);
    await expect(withMirrorLock(mirror, async () => 'in', 100)).resolves.toBe('in');
  });

  it('takes an unreadable lock for none', async () => {
    writeFileSync(leaveLock(), '');
    await expect(withMirrorLock(mirror, async () => 'in')).resolves.toBe('in');
  });

  it('does not mind that the folder was reset meanwhile', async () => {
    const work = async () => rmSync(`${mirror}.locks`, { recursive: true });
    await expect(withMirrorLock(mirror, work)).resolves.toBeUndefined();
  });
});
