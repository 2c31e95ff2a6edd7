import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';

// Far more than it takes; a machine that does other things too is no fault of this.
jest.setTimeout(900_000);

const first = Math.floor(Math.random() * 1e9);
const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-simulation-'));
const program = path.join(folder, 'run-simulation.js');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  console.log(`simulations begin with seed ${first}`);
  const entry = path.join(__dirname, 'testing/run-simulation.ts');
  buildSync({ entryPoints: [entry], bundle: true, platform: 'node', outfile: program });
});

it.each([
  { kind: 'memory', count: 10_000, over: 'a store that compares and swaps' },
  { kind: 'git', count: 200, over: 'a real git remote' },
  { kind: 'gist', count: 200, over: 'the API of a gist' },
])('loses and doubles nothing in $count interleavings over $over', async ({ kind, count }) => {
  const args = [program, kind, String(count), String(first), folder];
  // Rejects with what it says on stderr, the seed included.
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/^[0-2]\n$/);
});
