// Types, lint and drift: what a change has to pass besides the tests.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './bootstrap.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
await ensureInstalled();

let failed = false;
for (const [name, command] of [
  ['types', 'npx tsc --noEmit'],
  ['lint', 'npx eslint .'],
  ['format', 'npx prettier --check .'],
  ['licences', 'node scripts/licences.mjs --check'],
  ['database', 'node scripts/db.mjs verify'],
]) {
  const { status } = spawnSync(command, { cwd: root, stdio: 'inherit', shell: true });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
