import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError, isAppError } from '../errors';
import { branchRef, BRANCH_PREFIX } from './branch-name';
import { detectDefaultBranch } from './detect-default-branch';
import { withMirrorLock } from './mirror-lock';
import { findCommit, listRefs } from './refs';
import { callRemote, withRetries, type RemoteAccess } from './remote';
import { parseRemoteAddress } from './remote-address';
import { runGit } from './run-git';

export interface FetchedMirror {
  defaultBranch: string;
  /** Tip of the default branch; null while the remote is empty. */
  head: string | null;
  /** The remote has no commit: see createFirstCommit. */
  empty: boolean;
  /** `roadmap/…` branches of the remote and their tips. */
  branches: Record<string, string>;
}

export interface FetchMirror extends RemoteAccess {
  mirror: string;
  /** Where the project names none, the remote is asked. */
  defaultBranch?: string | null;
}

/** Flaws of old histories that are harmless and that nobody can repair any more. */
const FORGIVEN = [
  'zeroPaddedFilemode',
  'badTimezone',
  'badDate',
  'badDateOverflow',
  'missingSpaceBeforeDate',
  'missingEmail',
  'missingNameBeforeEmail',
  'missingSpaceBeforeEmail',
  'badEmail',
  'badName',
  'multipleAuthors',
  'nullSha1',
];

/** Options of every fetch: nothing but objects and the refs that are named. */
export const PLAIN_FETCH = [
  'fetch',
  '--quiet',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
];

/** Brings the mirror up to date: the default branch, roadmap/*, and the tags on them. */
export function fetchMirror({ mirror, ...options }: FetchMirror): Promise<FetchedMirror> {
  return withMirrorLock(mirror, () => fetchLocked(mirror, options));
}

/** The same for callers that hold the mirror's lock. */
export async function fetchLocked(
  mirror: string,
  { defaultBranch, ...access }: Omit<FetchMirror, 'mirror'>,
): Promise<FetchedMirror> {
  const known = defaultBranch
    ? { branch: defaultBranch, empty: false }
    : await detectDefaultBranch({ mirror, ...access });
  if (known.empty) return nothing(known.branch);
  refuseShallow(access.url);
  const base = branchRef(known.branch);
  const roadmap = `refs/heads/${BRANCH_PREFIX}*`;
  try {
    await withRetries(access, () =>
      callRemote(
        mirror,
        access,
        'upload-pack',
        [...PLAIN_FETCH, '--prune'],
        [`+${base}:${base}`, `+${roadmap}:${roadmap}`],
        { config: FORGIVEN.map((flaw) => [`fetch.fsck.${flaw}`, 'warn']) },
      ),
    );
  } catch (error) {
    if (!defaultBranch || !isAppError(error) || error.code !== 'git_failed') throw error;
    if (!(await detectDefaultBranch({ mirror, ...access })).empty) throw error;
    return nothing(defaultBranch);
  }
  const head = await findCommit(mirror, base);
  if (!head) throw new AppError('git_failed', `${known.branch} could not be fetched`);
  await runGit(['symbolic-ref', 'HEAD', base], { gitDir: mirror });
  const branches = [...(await listRefs(mirror, `refs/heads/${BRANCH_PREFIX}`))];
  return {
    defaultBranch: known.branch,
    head,
    empty: false,
    branches: Object.fromEntries(
      branches.map(([ref, tip]) => [ref.slice('refs/heads/'.length), tip]),
    ),
  };
}

/** git leaves the refs of a shallow clone out of a fetch without a word: the mirror would stand still. */
function refuseShallow(url: string): void {
  const local = parseRemoteAddress(url).path;
  if (!local || !['.git/shallow', 'shallow'].some((name) => existsSync(path.join(local, name)))) {
    return;
  }
  throw new AppError('git_failed', `${local} is a shallow clone`, {
    hint: 'Run `git fetch --unshallow` in it.',
  });
}

function nothing(defaultBranch: string): FetchedMirror {
  return { defaultBranch, head: null, empty: true, branches: {} };
}
