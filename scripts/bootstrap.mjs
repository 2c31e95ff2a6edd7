// What a fresh clone needs before anything of it runs. Plain Node: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const OLDEST_NODE = [20, 9];
const SOURCES = ['db', 'libs', 'services'];
const PROGRAM = 'dist/coffee-roadmap.js';

/** Something that the user has to see to; `todo` says what. */
class Stop extends Error {
  constructor(message, todo) {
    super(message);
    this.todo = todo;
  }
}

/** Runs `work`; what stops it is said in one line, and what to do in a second. */
export async function main(work) {
  try {
    checkNode(process.versions.node);
    await work();
  } catch (error) {
    say(error instanceof Stop ? `${error.message}\n${error.todo}` : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}

export function checkNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (enough) return;
  throw new Stop(
    `coffee-roadmap needs Node ${OLDEST_NODE.join('.')} or newer, this is ${version}.`,
    'Install a newer one from https://nodejs.org and run the command again.',
  );
}

/**
 * Installs the npm packages when the lockfile asks for others than those that are there. Not with
 * npm ci: that takes the packages away from programs that run. `--no-save` takes the lockfile's
 * versions just the same and leaves the file alone.
 */
export function ensureInstalled(folder = root) {
  if (isInstalled(folder)) return;
  say('installing the npm packages; the first time takes a minute or two');
  // Also where NODE_ENV is production: tests and the build need what is listed for development.
  const install = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'];
  // Its warnings are about packages of packages; who starts a program cannot do anything about them.
  install.push('--loglevel=error');
  const result = runNpm(folder, install);
  if (result.error?.code === 'ENOENT') {
    throw new Stop('npm was not found.', 'Install it (it comes with Node), and run this again.');
  }
  if (result.status !== 0) {
    throw new Stop(
      `npm install failed (${result.signal ?? `exit code ${result.status}`}).`,
      `See its message above; once the cause is mended: cd ${quote(folder)} && npm install`,
    );
  }
}

export function isInstalled(folder) {
  const lockfile = path.join(folder, 'package-lock.json');
  const record = path.join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false; // never installed, or the installation was interrupted
  if (!existsSync(lockfile) || statSync(lockfile).mtimeMs <= statSync(record).mtimeMs) return true;
  // A git checkout makes the lockfile young without changing it: no reason to install all anew.
  const installed = packagesOf(record);
  return Object.entries(packagesOf(lockfile)).every(([where, wanted]) => {
    if (!where.includes('node_modules/')) return true;
    const found = installed[where];
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

function runNpm(folder, args) {
  // npm names itself to the scripts that it runs; outside of npm it is looked up.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  // Everything on stderr: stdout belongs to the command that is waiting for this.
  return spawnSync(command, [...first, ...args], { cwd: folder, stdio: ['ignore', 2, 2] });
}

/** Bundles the services when a source is newer than the bundle. */
export function ensureBuilt(folder = root) {
  if (isBuilt(folder)) return;
  const options = { cwd: folder, stdio: ['ignore', 2, 2] };
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], options);
  if (status !== 0 || !existsSync(path.join(folder, PROGRAM))) {
    throw new Stop(
      `${PROGRAM} could not be built.`,
      `See the message above: cd ${quote(folder)} && npm run build`,
    );
  }
}

export function isBuilt(folder) {
  const built = statSync(path.join(folder, PROGRAM), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const files = ['scripts/build.mjs', 'tsconfig.json'].map((file) => path.join(folder, file));
  // The packages are in the bundles too.
  const lockfile = path.join(folder, 'package-lock.json');
  if (existsSync(lockfile)) files.push(lockfile);
  for (const source of SOURCES) files.push(...listSources(path.join(folder, source)));
  return files.every((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs <= built);
}

function listSources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listSources(file);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [file] : [];
  });
}

function quote(folder) {
  return /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
