// npm run bench: bundles the benchmarks and runs them with the same arguments.
import path from 'node:path';
import { ensureBuilt, ensureInstalled, main, root } from './bootstrap.mjs';
import { runNode } from './run-child.mjs';

await main(async () => {
  ensureInstalled();
  ensureBuilt(); // the footprint is that of the built programs
  const program = path.join(root, 'dist', 'bench.js');
  await bundle(program, 'main.ts');
  // What the options are tried with starts processes of its own.
  await bundle(path.join(root, 'dist', 'bench-options-process.js'), 'options/process-main.ts');
  const args = process.argv.slice(2);
  // npm takes --json for itself unless it comes after a --.
  if (process.env.npm_config_json === 'true' && !args.includes('--json')) args.push('--json');
  process.exitCode = await runNode(['--enable-source-maps', program, ...args]);
});

async function bundle(outfile, entry) {
  const { build } = await import('esbuild'); // may have been installed a moment ago
  await build({
    entryPoints: [path.join(root, 'bench', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.9',
    format: 'cjs',
    packages: 'external', // the queues beside ours run as they come
    alias: {
      '@coffee-roadmap/shared': path.join(root, 'libs/shared/src'),
      '@coffee-roadmap/db': path.join(root, 'db/src'),
    },
    sourcemap: 'linked',
    logLevel: 'warning',
    tsconfig: path.join(root, 'tsconfig.json'),
  });
}
