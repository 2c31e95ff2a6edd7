import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The repository that a folder is in: its remote as `host/path`, without scheme, user and password, else
 * its top folder; null where it is in none. Reads files alone: nothing of the repository is run.
 */
export function gitProjectOf(folder: string): string | null {
  if (!path.isAbsolute(folder)) return null;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const config = configOf(path.join(at, '.git'));
    if (config !== undefined) return remoteIn(config) ?? at;
    if (path.dirname(at) === at) return null;
  }
}

/** `.git` is a folder; of a worktree or submodule a file that names one. */
function configOf(git: string): string | undefined {
  try {
    if (statSync(git).isDirectory()) return readFileSync(path.join(git, 'config'), 'utf8');
    const named = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1];
    if (named === undefined) return undefined;
    const own = path.resolve(path.dirname(git), named.trim());
    return readFileSync(path.join(commonFolder(own), 'config'), 'utf8');
  } catch {
    return undefined;
  }
}

function commonFolder(own: string): string {
  try {
    return path.resolve(own, readFileSync(path.join(own, 'commondir'), 'utf8').trim());
  } catch {
    return own;
  }
}

function remoteIn(config: string): string | null {
  const section = /^\s*\[remote "origin"\]\s*$([^[]*)/m.exec(config)?.[1];
  const url = section && /^\s*url\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
  return url === undefined || url === '' ? null : nameOfRemote(url);
}

/** `git@github.com:us/shop.git` and `https://token@github.com/us/shop` are `github.com/us/shop`. */
export function nameOfRemote(url: string): string | null {
  const scp = /^(?:[^/@\s]+@)?([A-Za-z0-9][\w.-]*):(?!\/\/)(.+)$/.exec(url);
  const [host, rest] = scp
    ? [scp[1]!, scp[2]!]
    : URL.canParse(url)
      ? [new URL(url).host, new URL(url).pathname]
      : ['', ''];
  if (host === '') return null;
  const name = `${host.toLowerCase()}/${rest
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')}`;
  return name.length <= 1000 && !/\p{Cc}/u.test(name) ? name : null;
}
