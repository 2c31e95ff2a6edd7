/** A mount, pid, ipc and uts namespace of the agent's own; the network is shared: it needs its API. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../errors';
import { findSystemProgram } from './find-program';

const run = promisify(execFile);

/**
 * What is shown of the machine, read-only. A list of what may be seen, not of what may not: sockets
 * in /run and /tmp (docker, the user's systemd, tmux) would be ways out.
 */
const SYSTEM = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/opt', '/nix'],
  '/home/linuxbrew/.linuxbrew',
  ...['/run/current-system', '/run/systemd/resolve', '/run/resolvconf', '/run/NetworkManager'],
];

export interface BubblewrapView {
  /** Program and its first arguments that stand before the command inside. */
  bubblewrap: string;
  /** Shown read-only although they lie elsewhere. */
  show: string[];
  /** Never shown, also where they lie in a folder that is. */
  hide: string[];
  /** Shown and writable. */
  writable: string[];
  cwd: string;
  /** False as root, who needs no user namespace and then changes the uid inside. */
  userNamespace: boolean;
}

/** The command line up to and including `--`. */
export function bubblewrapPrefix(view: BubblewrapView): string[] {
  const system = [...SYSTEM, ...resolverFile()].filter((file) => existsSync(file));
  const shown = [...system, ...view.show];
  const within = (file: string): boolean => shown.some((folder) => isInside(file, folder));
  const covered = (file: string): boolean => view.hide.some((folder) => isInside(file, folder));
  const bind = (how: string, file: string): string[] => [
    ...parentsOf(file)
      .filter((parent) => !within(parent) || covered(parent))
      .flatMap((parent) => ['--dir', parent]),
    ...[how, file, file],
  ];
  return [
    ...[view.bubblewrap, '--die-with-parent'],
    ...(view.userNamespace ? ['--unshare-user'] : []),
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    ...['--dev', '/dev', '--proc', '/proc'],
    ...['/tmp', '/var/tmp', '/dev/shm'].flatMap((at) => ['--perms', '1777', '--tmpfs', at]),
    ...system.flatMap((file) => bind('--ro-bind', file)),
    ...view.show.filter((file) => existsSync(file)).flatMap((file) => bind('--ro-bind', file)),
    ...view.hide.filter(within).flatMap(cover),
    ...view.writable.flatMap((folder) => bind('--bind', folder)),
    ...['--remount-ro', '/', '--chdir', view.cwd, '--'],
  ];
}

/** Really runs it once; says why not where that fails (no user namespaces, a strict container). */
export async function probeBubblewrap(
  userNamespace: boolean,
): Promise<{ bubblewrap: string } | { reason: string }> {
  const bubblewrap = findSystemProgram('bwrap');
  if (bubblewrap === undefined) return { reason: 'bubblewrap is not installed' };
  const view = { bubblewrap, show: [], hide: [], writable: [], cwd: '/', userNamespace };
  const [command = bubblewrap, ...args] = [...bubblewrapPrefix(view), 'true'];
  try {
    await run(command, args, { cwd: '/', env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 });
    return { bubblewrap };
  } catch (error) {
    const lines = messageOf(error).split('\n').filter(Boolean);
    return { reason: `bubblewrap does not work here: ${lines.at(-1) ?? 'no message'}` };
  }
}

export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith('../') && !path.isAbsolute(relative);
}

/** Often a link into a folder that is not shown; without it no name can be looked up. */
function resolverFile(): string[] {
  try {
    const file = realpathSync('/etc/resolv.conf');
    return SYSTEM.some((folder) => isInside(file, folder)) ? [] : [file];
  } catch {
    return [];
  }
}

function parentsOf(file: string): string[] {
  const parent = path.dirname(file);
  return parent === '/' ? [] : [...parentsOf(parent), parent];
}

function cover(file: string): string[] {
  if (!existsSync(file)) return [];
  return statSync(file).isDirectory() ? ['--tmpfs', file] : ['--ro-bind', '/dev/null', file];
}
