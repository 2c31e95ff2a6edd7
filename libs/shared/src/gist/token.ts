import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import { AppError } from '../errors';
import { openKeyring } from './keyring';
import { parseTokenHost } from './token-host';

export interface FoundToken {
  token: string;
  source: 'environment' | 'key store' | 'file';
}

export const tokenFile = ({ paths }: Config): string => path.join(paths.config, 'gist-token.json');

const keyringOf = (config: Config): ReturnType<typeof openKeyring> =>
  config.env.settings.keyring === 'off' ? Promise.resolve(undefined) : openKeyring();

const MEND = 'coffee-roadmap gist set-token writes it anew.';
const hostFile = ({ paths }: Config): string => path.join(paths.config, 'gist-token-host.json');

/**
 * GITHUB_GIST_TOKEN, else the system's key store, else the file. Each is for GitHub alone, unless it was set
 * for another host, by COFFEE_ROADMAP_GIST_TOKEN_HOST and saveToken; then for `host` alone.
 */
export async function findToken(config: Config, host?: string): Promise<FoundToken | undefined> {
  const { gistToken, settings } = config.env;
  if (gistToken !== undefined && hostIn(settings.gist_token_host) === host)
    return { token: checkToken(gistToken), source: 'environment' };
  const keptFor = readPrivateJson<{ host?: string }>(hostFile(config), MEND)?.host;
  if (hostIn(keptFor) !== host) return undefined;
  const kept = await (await keyringOf(config))?.get();
  if (kept !== undefined) return { token: checkToken(kept), source: 'key store' };
  const token = readPrivateJson<{ token?: unknown }>(tokenFile(config), MEND)?.token;
  return typeof token === 'string' ? { token: checkToken(token), source: 'file' } : undefined;
}

const hostIn = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : parseTokenHost(text);

/**
 * Where it was kept: a file, for its owner alone, only where there is no key store. `host`: the only one to
 * which it may go; without it GitHub's.
 */
export async function saveToken(
  config: Config,
  token: string,
  host?: string,
): Promise<'key store' | 'file'> {
  checkToken(token);
  writePrivateJson(hostFile(config), { host: hostIn(host) });
  const keyring = await keyringOf(config);
  try {
    await keyring?.set(token);
    if (keyring && (await keyring.get()) === token) {
      rmSync(tokenFile(config), { force: true });
      return 'key store';
    }
  } catch {
    // Locked, or there is nobody to unlock it.
  }
  writePrivateJson(tokenFile(config), { token });
  return 'file';
}

/** Throws `invalid_input` for what can be no token; never says what it was. */
export function checkToken(token: string): string {
  if (/^[\x21-\x7e]{8,255}$/.test(token)) return token;
  throw new AppError('invalid_input', 'this is no token', {
    hint: 'It is one word, as GitHub shows it once: https://github.com/settings/tokens',
  });
}
