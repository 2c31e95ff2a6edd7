import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { processIdentity } from './processes';
import { withStartLock } from './start-lock';
import { TrialFolder } from './testing/trial-folder';

const trial = new TrialFolder();
afterAll(() => trial.remove());

/** A pid that no process has: Linux and macOS give out none that high. */
const NOBODY = 4_194_400;

describe('a start lock', () => {
  it.each(['free', 'left by a dead process', 'left by a process whose pid is used again'])(
    'that is %s is held by one at a time',
    async (state) => {
      const file = path.join(trial.folder(state), 'lock');
      if (state.includes('dead')) writeFileSync(file, `${NOBODY} ${NOBODY}@1 x\n`);
      if (state.includes('again')) writeFileSync(file, `${process.pid} ${process.pid}@1 x\n`);
      let inside = 0;
      const most: number[] = [];
      await Promise.all(
        Array.from({ length: 8 }, () =>
          withStartLock(file, async () => {
            inside += 1;
            await turn();
            most.push(inside);
            inside -= 1;
          }),
        ),
      );
      expect(most).toEqual(Array(8).fill(1));
      expect(readdirSync(path.dirname(file))).toEqual([]);
    },
  );

  it('that a living process holds is waited for, then named in the error', async () => {
    const file = path.join(trial.folder('held'), 'lock');
    writeFileSync(file, `${process.ppid} ${processIdentity(process.ppid)} x\n`);
    await expect(withStartLock(file, async () => 'never', 50)).rejects.toMatchObject({
      code: 'postgres_start_failed',
      hint: expect.stringContaining(`End process ${process.ppid} `),
    });
    expect(existsSync(file)).toBe(true);
  });

  it('is given back when the work fails', async () => {
    const file = path.join(trial.folder('failing'), 'lock');
    await expect(withStartLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withStartLock(file, async () => 'next')).toBe('next');
  });
});
