import { deriveManifest } from '../shards/manifest';
import { MANIFEST } from '../shards/shard-name';
import type { GitHubClient } from '../github/github-client';

/** How ours is found again on another machine. */
export const DESCRIPTION = 'coffee-roadmap: usage of my machines';
/** As ccu named its own: read where somebody names it, never taken by itself. */
export const DESCRIPTION_V1 = 'Claude Code Usage Analytics - Data Backup';

export interface FoundGist {
  id: string;
  description: string;
  public: boolean;
  created_at: string;
}

/** Every gist of the token's owner with one of these descriptions, oldest first; looks at all pages. */
export async function findGists(
  client: GitHubClient,
  names: readonly string[],
): Promise<FoundGist[]> {
  const found: FoundGist[] = [];
  for (let page = 1; page <= 100; page += 1) {
    const { body, link } = await client.ask('GET', `/gists?per_page=100&page=${page}`);
    for (const one of Array.isArray(body) ? (body as (FoundGist | null)[]) : [])
      if (one !== null && names.includes(one.description)) found.push(one);
    if (!/rel="next"/.test(link ?? '')) break;
  }
  return found.sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
}

/** A new one, secret unless `isPublic`. */
export async function createGist(client: GitHubClient, isPublic: boolean): Promise<FoundGist> {
  const files = { [MANIFEST]: { content: deriveManifest([], []).toString() } };
  const body = { description: DESCRIPTION, public: isPublic, files };
  return (await client.ask('POST', '/gists', body)).body as FoundGist;
}

export async function getGist(client: GitHubClient, id: string): Promise<FoundGist> {
  return (await client.ask('GET', `/gists/${encodeURIComponent(id)}`)).body as FoundGist;
}
