/** Starts daemon-process.ts as root or as an unprivileged user, with folders and secrets of its own. */
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { buildSync } from 'esbuild';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DaemonOrder } from './daemon-process';

/** A uid that nothing else on the machine has. */
const UNPRIVILEGED = 60999;

export const isRoot = process.getuid?.() === 0;

/** The arguments before a command that make it an unprivileged user's. */
export function asUnprivileged(): string[] {
  if (!isRoot) return [];
  const uid = String(UNPRIVILEGED);
  return ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups', '--'];
}

/** Whether bubblewrap works for an unprivileged user here. */
export function bubblewrapWorks(): boolean {
  const [command = '', ...args] = [...asUnprivileged(), 'bwrap', '--ro-bind', '/', '/', 'true'];
  return spawnSync(command, args).status === 0;
}

export interface DaemonPlace {
  /** 0700 and the daemon's own. */
  base: string;
  secretFile: string;
  secretFolder: string;
  /** Wanted for workspaces. */
  root: string;
  bundle: string;
  privileged: boolean;
  remove(): void;
}

/** Folders as a daemon has them: closed to others, with a secret inside. */
export function makePlace(secret: string, privileged: boolean): DaemonPlace {
  const outer = mkdtempSync(path.join(os.tmpdir(), 'coffee-isolation-'));
  chmodSync(outer, 0o755);
  const bundle = path.join(outer, 'daemon.cjs');
  bundleDaemon(bundle);
  const base = path.join(outer, 'daemon');
  const secretFolder = path.join(base, 'config');
  const secretFile = path.join(secretFolder, 'config.json');
  mkdirSync(secretFolder, { recursive: true, mode: 0o700 });
  writeFileSync(secretFile, secret, { mode: 0o600 });
  for (const own of [base, secretFolder, secretFile]) {
    if (isRoot && !privileged) chownSync(own, UNPRIVILEGED, UNPRIVILEGED);
  }
  const remove = (): void => rmSync(outer, { recursive: true, force: true });
  const root = path.join(base, 'work');
  return { base, secretFile, secretFolder, root, bundle, privileged, remove };
}

/** Node runs it without the repository's jest transform, so it is bundled first. */
function bundleDaemon(outfile: string): void {
  buildSync({
    entryPoints: [path.join(__dirname, 'daemon-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    tsconfig: path.join(projectRoot(), 'tsconfig.json'),
  });
}

/** Its secret is in its environment, as a database URL would be. */
export function startDaemon(place: DaemonPlace, order: DaemonOrder, secret: string): ChildProcess {
  const argv = [process.execPath, place.bundle, JSON.stringify(order)];
  const [command = '', ...args] = place.privileged ? argv : [...asUnprivileged(), ...argv];
  const env = { PATH: process.env.PATH, HOME: place.base, DATABASE_URL: secret };
  return spawn(command, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The JSON lines that it prints, as they come. */
export async function* linesOf(daemon: ChildProcess): AsyncGenerator<Record<string, unknown>> {
  let rest = '';
  for await (const chunk of daemon.stdout ?? []) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Record<string, unknown>;
  }
}

export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
