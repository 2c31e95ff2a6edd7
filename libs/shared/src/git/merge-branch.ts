import { AppError } from '../errors';
import { branchRef } from './branch-name';
import { fetchLocked } from './fetch-mirror';
import { mergeTrees } from './merge-trees';
import { commitMessage, identityEnvironment, type Identity, type Trailer } from './message';
import { withMirrorLock } from './mirror-lock';
import { pushRef, type PushEnd } from './push-ref';
import { findCommit, isAncestor, mustBeCommitHash, roadmapRef } from './refs';
import type { RemoteAccess } from './remote';
import { parseRemoteAddress } from './remote-address';
import { runGit } from './run-git';
import { quoteForShell } from './shell';

export interface MergeBranch extends RemoteAccess {
  mirror: string;
  /** `roadmap/…`, as it is on the remote. */
  branch: string;
  /** The commit that was reviewed; where it is given, nothing pushed after it is merged. */
  commit?: string;
  /** The branch that gets the work. */
  into: string;
  message: string;
  trailers?: Trailer[];
  identity: Identity;
}

export type MergeOutcome =
  | { kind: 'merged'; commit: string }
  /** `commit`: the merge that brought it, or the work itself where it was fast-forwarded. */
  | { kind: 'already_merged'; commit: string }
  | { kind: 'conflict'; paths: string[]; detail: string }
  /** `reason` says what a person can do. */
  | { kind: 'refused'; reason: string };

const TRIES = 5;

/**
 * Merges a branch with a merge commit, in the mirror, and pushes. Whoever else pushes meanwhile is
 * merged with, not overwritten; called again after a kill it finds its own merge.
 */
export async function mergeBranch(options: MergeBranch): Promise<MergeOutcome> {
  const { mirror, url, credential, retryDelaysMs, into } = options;
  const access = { url, credential, retryDelaysMs };
  for (let tries = 1; tries <= TRIES; tries++) {
    const made = await withMirrorLock(mirror, () => makeMerge(options, access));
    if (made.kind !== 'made') return made;
    const end = await pushRef(mirror, access, {
      ref: branchRef(into),
      commit: made.commit,
      expected: made.onto,
    });
    if (end.kind === 'pushed' || end.kind === 'unchanged') {
      return { kind: 'merged', commit: made.commit };
    }
    if (end.kind === 'refused') return { kind: 'refused', reason: whatToDo(options, end) };
  }
  throw new AppError(
    'not_reachable',
    `${into} moved ${TRIES} times while it was being merged into`,
    {
      hint: 'Accept again when fewer people push.',
    },
  );
}

type Made = { kind: 'made'; commit: string; onto: string };

async function makeMerge(
  { mirror, branch, commit, into, ...how }: MergeBranch,
  access: RemoteAccess,
): Promise<Made | Exclude<MergeOutcome, { kind: 'merged' }>> {
  const work = roadmapRef(branch);
  const { head } = await fetchLocked(mirror, { ...access, defaultBranch: into });
  const wanted = commit ? mustBeCommitHash(commit) : work;
  const theirs = await findCommit(mirror, wanted);
  if (!theirs)
    return { kind: 'refused', reason: `${commit ?? branch} is not on the remote any more` };
  if (!head) return { kind: 'refused', reason: `the remote has no branch ${into} yet` };
  if (await isAncestor(mirror, theirs, head)) {
    return { kind: 'already_merged', commit: await broughtBy(mirror, theirs, head) };
  }
  const merge = await mergeTrees(mirror, head, theirs);
  if (merge.kind === 'conflict') return merge;
  const made = await runGit(['commit-tree', '-p', head, '-p', theirs, '-F', '-', merge.tree], {
    gitDir: mirror,
    env: identityEnvironment(how.identity),
    input: commitMessage(how.message, how.trailers),
  });
  return { kind: 'made', commit: made.stdout.trim(), onto: head };
}

async function broughtBy(mirror: string, work: string, head: string): Promise<string> {
  const merges = await runGit(
    ['rev-list', '--ancestry-path', '--first-parent', '--merges', head, `^${work}`],
    { gitDir: mirror },
  );
  return merges.stdout.trim().split('\n').at(-1) || work;
}

function whatToDo(
  { url, branch, commit, into }: MergeBranch,
  end: Extract<PushEnd, { kind: 'refused' }>,
): string {
  const { path } = parseRemoteAddress(url);
  if (!end.checkedOut || !path) return `the remote refused the merge: ${end.reason}`;
  const command = ['git', '-C', path, 'merge', '--no-ff', commit ?? branch].map(quoteForShell);
  return (
    `${into} is checked out in ${path}, and there are changes in the way (${end.reason}). ` +
    `Nothing was changed. Commit or stash them and accept again, or run: ${command.join(' ')}`
  );
}
