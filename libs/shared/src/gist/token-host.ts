import { AppError } from '../errors';
import { parseRemoteAddress } from '../git/remote-address';
import type { GistSettings } from './settings';

const GITHUB = new Set(['github.com', 'gist.github.com']);

/**
 * The host, with its port where it has one, of a git remote over http to which no token for GitHub may go;
 * undefined for GitHub's own, for the host of the API that is configured, and over ssh.
 */
export function tokenHostOf({ remote, api }: GistSettings): string | undefined {
  const { origin } = parseRemoteAddress(remote ?? '/');
  if (origin === undefined) return undefined;
  const { host } = new URL(origin);
  const own = api !== undefined && URL.canParse(api) ? new URL(api).host : undefined;
  return host === own ? undefined : parseTokenHost(host);
}

/** As it stands in an address; undefined for GitHub's. Throws `invalid_input` for what is no host. */
export function parseTokenHost(text: string): string | undefined {
  const address = `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const plain = url?.host === text.toLowerCase().replace(/:443$/, '');
  if (url !== undefined && plain) return GITHUB.has(url.host) ? undefined : url.host;
  throw new AppError('invalid_input', 'this is no host', {
    hint: 'It looks like git.example.org, or git.example.org:8443.',
  });
}
