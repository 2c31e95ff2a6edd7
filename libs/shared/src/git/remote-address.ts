import { fileURLToPath } from 'node:url';
import { AppError } from '../errors';
import { maskCredentials } from './mask';

/** `url` is safe as an argument after `--`; `path` is set for repositories on this machine. */
export interface RemoteAddress {
  kind: 'https' | 'http' | 'ssh' | 'path';
  url: string;
  path?: string;
  /** Scheme, host and port: where a credential may be sent. */
  origin?: string;
}

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/;
const SCP = /^(?:([A-Za-z0-9_][\w.-]*)@)?([A-Za-z0-9][A-Za-z0-9._-]*):(?!:)([^-\s][^\s]*)$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A repository's address, checked: https, ssh, `git@host:path`, an absolute path or file://; http
 * only to this machine. Throws `invalid_input` for everything else, for `ext::` and its kin, for
 * what git would take for an option, and for an address that holds a password.
 */
export function parseRemoteAddress(address: string): RemoteAddress {
  if (address === '' || address.length > 1000 || /\p{Cc}/u.test(address)) {
    throw refused(address, 'is empty, too long or holds control characters');
  }
  if (address.startsWith('-')) throw refused(address, 'begins with a dash');
  if (address.startsWith('/')) return { kind: 'path', url: address, path: address };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return parseUrl(address);
  const scp = SCP.exec(address);
  if (scp?.[2] && HOST.test(scp[2])) return { kind: 'ssh', url: address };
  throw refused(address, 'is not an address that is understood');
}

function parseUrl(address: string): RemoteAddress {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || /\s/.test(address)) throw refused(address, 'is not a URL');
  if (url.protocol === 'file:') {
    if (url.host !== '') throw refused(address, 'names another machine');
    const path = fileURLToPath(url);
    return { kind: 'path', url: path, path };
  }
  if (url.password !== '') {
    throw new AppError('invalid_input', 'the repository’s address holds a password', {
      hint: 'Leave it out, and give the daemon a token file instead.',
    });
  }
  if (!HOST.test(url.hostname)) throw refused(address, 'has no proper host');
  if (!/^[\w.+%@-]*$/.test(url.username) || url.username.startsWith('-')) {
    throw refused(address, 'has no proper user name');
  }
  if (url.protocol === 'ssh:') {
    if (url.pathname.startsWith('/-')) throw refused(address, 'has a path that begins with a dash');
    return { kind: 'ssh', url: address };
  }
  const origin = `${url.protocol}//${url.host}`;
  if (url.protocol === 'https:') return { kind: 'https', url: address, origin };
  if (url.protocol === 'http:' && LOOPBACK.has(url.hostname)) {
    return { kind: 'http', url: address, origin };
  }
  throw refused(address, 'uses a protocol that is not allowed');
}

function refused(address: string, why: string): AppError {
  const shown = JSON.stringify(maskCredentials(address).slice(0, 200));
  return new AppError('invalid_input', `the repository’s address ${shown} ${why}`, {
    hint: 'Use https://, ssh://, git@host:path or an absolute path.',
  });
}
