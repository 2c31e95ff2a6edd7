import path from 'node:path';
import type { Config } from '../config/config';
import type { Credential } from '../git/credential';
import { passEnvironmentToGit } from '../git/environment';
import { parseRemoteAddress } from '../git/remote-address';
import { AppError } from '../errors';
import { GitHubClient } from '../github/github-client';
import { GistStore } from './gist-store';
import { GitStore } from './git-store';
import { remoteFolder, type GistSettings } from './settings';
import type { CompareAndSwapStore } from './store';
import { findToken } from './token';
import { tokenHostOf } from './token-host';

/** The store that the settings name, with the token that is kept. Throws `not_configured` without one. */
export async function openStore(
  config: Config,
  settings: GistSettings,
): Promise<CompareAndSwapStore> {
  if (settings.gist !== undefined)
    return new GistStore(await openGistClient(config, settings.api), settings.gist);
  return new GitStore({
    ...(await accessOf(config, settings)),
    branch: settings.branch ?? 'main',
    mirror: path.join(remoteFolder(config.paths, settings), 'mirror.git'),
  });
}

/** How git reaches the remote of the settings; a token goes only to the host for which it was set. */
export async function accessOf(
  config: Config,
  settings: GistSettings,
): Promise<{ url: string; credential?: Credential }> {
  passEnvironmentToGit({ ...config.env.gitEnvironment, PATH: config.env.path });
  const url = settings.remote!;
  const overHttp = parseRemoteAddress(url).origin !== undefined;
  const found = overHttp ? await findToken(config, tokenHostOf(settings)) : undefined;
  // GitHub and GitLab take any name beside a token.
  return {
    url,
    ...(found && { credential: { kind: 'secret', username: 'oauth2', secret: found.token } }),
  };
}

export async function openGistClient(config: Config, api?: string): Promise<GitHubClient> {
  const found = await findToken(config);
  if (found) return new GitHubClient({ token: found.token, api });
  throw new AppError('not_configured', 'there is no token for GitHub yet', {
    hint: 'coffee-roadmap gist set-token asks for it; GITHUB_GIST_TOKEN works too.',
  });
}
