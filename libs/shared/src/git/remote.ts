import { setTimeout as pause } from 'node:timers/promises';
import { isAppError } from '../errors';
import { credentialSettings, type Credential } from './credential';
import { networkEnvironment } from './environment';
import { localService, type Service } from './local-service';
import { parseRemoteAddress } from './remote-address';
import { runGit, type GitCall, type GitResult } from './run-git';

/** A project's repository, as the daemon reaches it. */
export interface RemoteAccess {
  url: string;
  credential?: Credential;
  /** Pauses before the second and later tries, in ms; default 0.5 s, 2 s, 5 s. */
  retryDelaysMs?: number[];
}

const RETRY_DELAYS_MS = [500, 2_000, 5_000];
const PROTOCOLS = { https: 'https', http: 'http', ssh: 'ssh', path: 'file' };

/**
 * Runs `git <verb> … -- <url> <rest>` once, from inside the mirror. Errors as of runGit; a remote
 * that is busy or away is `not_reachable`.
 */
export async function callRemote(
  mirror: string,
  access: RemoteAccess,
  service: Service,
  verb: string[],
  rest: string[],
  call: Pick<GitCall, 'allow' | 'timeoutMs' | 'config'> = {},
): Promise<GitResult> {
  const remote = parseRemoteAddress(access.url);
  const { config, env } = credentialSettings(remote, access.credential);
  const served = remote.path ? [`--${service}=${localService(remote.path, service)}`] : [];
  return runGit([...verb, ...served, '--', remote.url, ...rest], {
    gitDir: mirror,
    timeoutMs: 15 * 60_000,
    ...call,
    config: [...(call.config ?? []), ...config],
    env: {
      ...(remote.path ? {} : networkEnvironment()),
      ...env,
      GIT_ALLOW_PROTOCOL: PROTOCOLS[remote.kind],
    },
  });
}

/** Does it again after a pause as long as it fails with `not_reachable`. */
export async function withRetries<T>(access: RemoteAccess, work: () => Promise<T>): Promise<T> {
  for (const delayMs of access.retryDelaysMs ?? RETRY_DELAYS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error) || error.code !== 'not_reachable') throw error;
    }
    await pause(delayMs);
  }
  return work();
}
