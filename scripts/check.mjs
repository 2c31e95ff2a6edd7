// Types, lint and drift: what a change has to pass besides the tests. All at once: none needs another.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './bootstrap.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
await ensureInstalled();

const parts = [
  ['types', 'npx tsc --noEmit'],
  ['lint', 'npx eslint .'],
  ['format', 'npx prettier --check .'],
  ['licences', 'node scripts/licences.mjs --check'],
  ['database', 'node scripts/db.mjs verify'],
].map(([name, command]) => ({ name, ended: run(`${command} 2>&1`) }));

let failed = false;
for (const { name, ended } of parts) {
  const { status, said } = await ended;
  console.log(`${said}${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);

async function run(command) {
  const child = spawn(command, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], shell: true });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const said = await text(child.stdout);
  return { status: await ended, said };
}
