// npm run demo: installs and builds what is missing, then `coffee-roadmap demo` with the same arguments.
import path from 'node:path';
import { ensureBuilt, ensureInstalled, main, root } from './bootstrap.mjs';
import { runNode } from './run-child.mjs';

await main(async () => {
  ensureInstalled();
  ensureBuilt();
  const program = path.join(root, 'dist', 'coffee-roadmap.js');
  process.exitCode = await runNode([program, 'demo', ...process.argv.slice(2)]);
});
