import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Said } from './read-rounds';
import { ROUNDS, SEED } from './rounds';

// Everything that reads what others wrote, fed with what is much like it and wrong. It may refuse, in
// one of our own words; what it gives is no larger than what it got by more than a factor. In a process
// of its own: one that never ends, or takes all the memory, is not to take the tests with it.

const root = path.resolve(__dirname, '../..');
/** Within the repository: from there it finds what is not bundled. */
const program = path.join(root, 'dist/tests', `read-rounds-${process.pid}.cjs`);
const MOST_MEGABYTES = 256;
/** A round takes milliseconds. This is no measure: what has not ended by then never will. */
const HANGS_MS = 120_000;

beforeAll(async () => {
  mkdirSync(path.dirname(program), { recursive: true });
  await build({
    entryPoints: [path.join(__dirname, 'read-rounds.ts')],
    outfile: program,
    ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
    tsconfig: path.join(root, 'tsconfig.json'),
    external: ['pg-native', '@napi-rs/keyring', 'libsql'],
  });
});
afterAll(() => rmSync(program, { force: true }));

async function runRounds(): Promise<{ ending: string; last: Said | undefined; failures: Said[] }> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${MOST_MEGABYTES}`, program, String(SEED), String(ROUNDS)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4000);
  });
  const ended = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(`${signal ?? `code ${code}`}${said}`)),
  );
  const kill = (): void => void child.kill('SIGKILL');
  let hangs = setTimeout(kill, HANGS_MS);
  let last: Said | undefined;
  const failures: Said[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    clearTimeout(hangs);
    hangs = setTimeout(kill, HANGS_MS);
    const line = JSON.parse(text) as Said;
    if ('failure' in line) failures.push(line);
    else last = line;
  }
  clearTimeout(hangs);
  return { ending: await ended, last, failures };
}

it('whatever is wrong with it, it is read or refused, and that ends', async () => {
  const { ending, last, failures } = await runRounds();
  expect(failures).toEqual([]);
  expect({ ending, last }).toEqual({ ending: 'code 0', last });
}, 1_800_000);
