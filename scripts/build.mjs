// Bundles each service, with the packages that it uses, into dist/<name>.js: one file to load instead
// of hundreds makes every command start in half the time.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import bundles from '../services/cli/bin/load-bundle.cjs';

const { codeOf } = bundles;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const programs = {
  'coffee-roadmap': 'services/cli/src/main.ts',
  daemon: 'services/daemon/src/main.ts',
  migrate: 'db/src/main.ts',
  slackbot: 'services/slackbot/src/main.ts',
  dashboard: 'services/dashboard/src/main.ts',
  agent: 'services/agent/src/main.ts',
  egress: 'services/egress/src/main.ts',
  setup: 'services/setup/src/main.ts',
  // The CLI starts it as a thread, from beside its own bundle.
  'scan-worker': 'libs/shared/src/transcripts/scan-worker.ts',
  // Half of the CLI's code, loaded by `mcp serve` alone, from beside the CLI's own bundle.
  'mcp-tools': 'services/cli/src/commands/mcp/serve.ts',
};

/** What a machine does without a database: loads in a third of the time. */
const machine = { 'coffee-roadmap-machine': 'services/cli/src/machine.ts' };

/** Leaves `import('./serve')` of the CLI to the bundle of that. */
const apart = {
  name: 'apart',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/serve$/ }, ({ kind, importer }) =>
      kind === 'dynamic-import' && importer.endsWith(path.join('commands', 'mcp', 'mcp.ts'))
        ? { path: './mcp-tools.js', external: true }
        : undefined,
    );
  },
};

const settings = {
  bundle: true,
  platform: 'node',
  target: 'node20.9',
  format: 'cjs',
  // Optional: the one is not ours to install, the other is native and loaded only where it is there.
  external: ['pg-native', '@napi-rs/keyring', 'libsql'],
  alias: {
    '@coffee-roadmap/shared': path.join(root, 'libs/shared/src'),
    '@coffee-roadmap/db': path.join(root, 'db/src'),
  },
  // Read in half the time at every start; names stay as they are in stacks.
  minifyWhitespace: true,
  lineLimit: 120, // Node prints the line where a program broke off
  // As Node 21 and later have it. Where there is none, pg finds out what it runs on by loading all of fetch.
  banner: { js: 'globalThis.navigator??={userAgent:`Node.js/${process.versions.node}`};' },
  plugins: [apart],
  logLevel: 'warning',
  tsconfig: path.join(root, 'tsconfig.json'),
};

/** What of Node takes long to load, and most runs of a command never ask for. */
const SELDOM =
  /^(?:node:)?(child_process|crypto|dgram|dns|fs\/promises|https?|http2|net|readline|stream\/promises|timers\/promises|tls|worker_threads|zlib)$/;

/** Loads these parts of Node when something of theirs is first asked for, and not at every start. */
const later = {
  name: 'later',
  setup(plugin) {
    plugin.onResolve({ filter: SELDOM }, ({ path: name, namespace }) =>
      namespace === 'later'
        ? { path: name, external: true }
        : { path: `node:${name.replace('node:', '')}`, namespace: 'later' },
    );
    plugin.onLoad({ filter: /./, namespace: 'later' }, ({ path: name }) => ({
      // Behind an object of its own, because esbuild looks at once whether this is a module of theirs, and
      // copies what it has itself.
      contents: `module.exports = Object.create(new Proxy({}, {
        get: (_, name) => require('${name}')[name],
        has: (_, name) => name in require('${name}'),
      }), { __esModule: { value: false } });`,
    }));
  },
};

/** The one file that `coffee-roadmap sync --install` copies to a machine. */
export async function buildAgent({ outdir = path.join(root, 'dist') } = {}) {
  const outfile = path.join(outdir, 'coffee-roadmap-agent.js');
  const entryPoints = [path.join(root, 'services/cli/src/agent.ts')];
  await build({ ...settings, plugins: [later], entryPoints, outfile, minify: true });
}

export async function buildAll({ outdir = path.join(root, 'dist') } = {}) {
  const mapped = { ...settings, outdir, sourcemap: 'linked' };
  await build({ ...mapped, entryPoints: within(root, programs) });
  await buildMachine(mapped);
  await buildAgent({ outdir });
  copyPages(path.join(outdir, 'dashboard-pages'));
}

async function buildMachine(mapped) {
  const [name] = Object.keys(machine);
  const file = path.join(mapped.outdir, `${name}.js`);
  rmSync(codeOf(file), { force: true }); // that of another bundle of the same length would be run
  await build({ ...mapped, plugins: [later], entryPoints: within(root, machine) });
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts/keep-code.cjs'), file]);
  if (status !== 0 || !existsSync(codeOf(file))) throw new Error(`${name} did not collect`);
}

const within = (folder, files) =>
  Object.fromEntries(
    Object.entries(files)
      .map(([name, file]) => [name, path.join(folder, file)])
      .filter(([, file]) => existsSync(file)),
  );

/** The dashboard's pages need no build: they are copied as they are, with the one package they use. */
function copyPages(to) {
  const from = path.join(root, 'services/dashboard/public');
  if (!existsSync(from)) return;
  cpSync(from, to, { recursive: true });
  mkdirSync(path.join(to, 'vendor'), { recursive: true });
  cpSync(
    path.join(root, 'node_modules/chart.js/dist/chart.umd.min.js'),
    path.join(to, 'vendor/chart.js'),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await (process.argv[2] === 'agent' ? buildAgent() : buildAll());
}
