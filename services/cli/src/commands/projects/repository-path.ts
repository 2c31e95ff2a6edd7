import { AppError } from '@coffee-roadmap/shared/errors';
import { parseRemoteAddress } from '@coffee-roadmap/shared/git/remote-address';
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface Repository {
  /** As the daemon is to be told. */
  address: string;
  /** What the person should know about it; undefined when there is nothing. */
  warning?: string;
}

/**
 * A repository as a person names it: a path on this machine becomes absolute, an address is checked.
 * Throws `invalid_input`, also for a folder that is no repository.
 */
export function readRepository(text: string): Repository {
  const isPath = /^[./]/.test(text) || (!text.includes(':') && existsSync(text));
  const address = parseRemoteAddress(isPath ? path.resolve(text) : text);
  if (address.path === undefined) return { address: address.url };
  if (!existsSync(address.path)) {
    const warning = `there is no ${address.path} on this machine; the daemon has to find it on its own`;
    return { address: address.url, warning };
  }
  if (isRepository(address.path)) return { address: address.url };
  throw new AppError('invalid_input', `${address.path} is not a git repository`, {
    hint: 'Name the folder that holds .git, or run git init there first.',
  });
}

/** With a working tree, or bare. */
function isRepository(folder: string): boolean {
  const holds = (name: string): boolean => existsSync(path.join(folder, name));
  return holds('.git') || (holds('HEAD') && holds('objects'));
}
