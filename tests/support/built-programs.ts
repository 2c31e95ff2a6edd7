import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..');
const testsFolder = path.join(root, 'dist', 'tests');

/** Where one run of the tests keeps its programs; in the repository, where they find db/. */
export const programsOf = (runId: string): string => path.join(testsFolder, runId);

/**
 * The folder of the programs as they are now, built by whoever asks first in a run of the tests. Nobody
 * changes anything in it. Throws with what the build said.
 */
export function builtPrograms(): string {
  const folder = programsOf(process.env.COFFEE_TEST_RUN!);
  if (existsSync(folder)) return folder;
  const draft = path.join(testsFolder, randomBytes(6).toString('hex'));
  const script = `import { buildAll } from './scripts/build.mjs';
    await buildAll({ outdir: process.argv[1] });`;
  const built = spawnSync(process.execPath, ['--input-type=module', '-e', script, draft], {
    cwd: root,
    encoding: 'utf8',
  });
  try {
    if (built.status !== 0) throw new Error(`the programs could not be built: ${built.stderr}`);
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else another worker was quicker
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
