import { parseRemoteAddress } from '@coffee-roadmap/shared/git/remote-address';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * A repository as the daemon is to be told: a path on this machine becomes absolute, an address is
 * checked. Throws `invalid_input`.
 */
export function repositoryAddress(text: string): string {
  const looksLikePath = /^[./]/.test(text) || (!text.includes(':') && existsSync(text));
  const address = looksLikePath ? path.resolve(text) : text;
  return parseRemoteAddress(address).url;
}
