// npm test: one jest run with the same arguments, closed by a line of counts alone on its line.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, main, root } from './bootstrap.mjs';
import { runNode } from './run-child.mjs';

await main(async () => {
  ensureInstalled();
  ensureBuilt(); // the stories run the programs as users do
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-counts-'));
  const file = path.join(folder, 'counts.json');
  const args = process.argv.slice(2);
  try {
    process.chdir(root);
    // On the command line a reporter takes no options.
    process.env.COFFEE_TEST_COUNTS = file;
    process.exitCode = await runNode([
      path.join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...args,
      // Last, because a list takes every file name that follows it.
      '--reporters=default',
      `--reporters=${path.join(root, 'scripts', 'count-reporter.cjs')}`,
    ]);
    const run = process.exitCode !== 0 || existsSync(file); // not so for --listTests, --help, ...
    if (run) process.stdout.write(`${closingLine(file)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function closingLine(file) {
  const none = { passed: 0, failed: 0, skipped: 0 }; // it did not even begin
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : none;
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
