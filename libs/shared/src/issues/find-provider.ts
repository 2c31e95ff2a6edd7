import type { Config } from '../config/config';
import { AppError } from '../errors';
import type { GitHubClientOptions } from '../github/github-client';
import { GitHubIssues } from './github/github-issues';

/** `github:us/shop#42` in two. Throws `invalid_input` for what names no provider. */
export function splitIssue(issue: string): { provider: string; key: string } {
  const at = issue.indexOf(':');
  if (at > 0) return { provider: issue.slice(0, at), key: issue.slice(at + 1) };
  throw new AppError('invalid_input', `"${issue}" is no issue`, {
    hint: 'Issues are like 42, local:42 or github:us/shop#42.',
  });
}

/**
 * GitHub as it is configured: GITHUB_TOKEN, and COFFEE_ROADMAP_GITHUB_API where it is another one. A pause
 * longer than `longestWaitMs` is told; `patienceMs` ends it all, retries included.
 */
export function openGitHub(
  { env }: Config,
  longestWaitMs: number,
  patienceMs?: number,
): GitHubIssues {
  const { githubToken: token, settings } = env;
  return new GitHubIssues({
    api: settings.github_api,
    token,
    longestWaitMs,
    ...limited(patienceMs),
  });
}

function limited(ms: number | undefined): Pick<GitHubClientOptions, 'send'> {
  if (ms === undefined) return {};
  const end = AbortSignal.timeout(ms);
  return { send: (url, init) => fetch(url, { ...init, signal: end }) };
}
