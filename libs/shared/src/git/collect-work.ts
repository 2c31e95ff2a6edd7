import { AppError } from '../errors';
import type { AgentClone } from './agent-git';
import { commitLeftovers } from './commit-leftovers';
import { diffStat, listCommits, listUnresolved, type DiffStat } from './diff-stat';
import { acceptFromIntake, takeIn } from './intake';
import { judgeWork } from './judge-work';
import { commitMessage, type Identity, type Trailer } from './message';
import { withMirrorLock } from './mirror-lock';
import { attemptRefs, findCommit, listRefs, roadmapRef, writeRefs } from './refs';
import { runGit } from './run-git';

export interface CollectWork extends AgentClone {
  mirror: string;
  attempt: string;
  /** `roadmap/…` */
  branch: string;
  /** For what the agent has not committed itself. */
  message: string;
  trailers?: Trailer[];
  identity: Identity;
  /** Most that all commits together may weigh, packed; default 512 MiB. */
  maxBytes?: number;
  /** Most that one file may weigh; default 100 MiB. */
  maxBlobBytes?: number;
}

export interface CollectedWork {
  commit: string;
  /** Where the work leaves the default branch: the left side of diffStat. */
  base: string;
  /** Since `base`, the oldest first, at most 200. */
  commits: { hash: string; subject: string }[];
  diffStat: DiffStat;
  /** There is something to review: the tree differs from the default branch's. */
  changed: boolean;
  /** This attempt has changed what it began with; false also on a branch of an earlier attempt. */
  progressed: boolean;
  /** Changed files in which both markers of a conflict are left. */
  unresolved: string[];
  /** Repositories inside the repository, left out of the commit. */
  skipped: string[];
}

/**
 * Commits what the agent has left and brings its work into the mirror as refs/attempts/<attempt>,
 * with no process of the agent running any more. Called again: the same commit, nothing new. Throws
 * `agent_failed` for work that must not go further; its message is the reason.
 */
export async function collectWork(options: CollectWork): Promise<CollectedWork> {
  const { mirror, attempt, identity, trailers } = options;
  const branch = roadmapRef(options.branch);
  const refs = attemptRefs(attempt);
  const start = await findCommit(mirror, refs.start);
  const begunOn = await findCommit(mirror, refs.base);
  if (!start || !begunOn) {
    throw new AppError('git_failed', `attempt ${attempt} has no workspace`, {
      hint: 'Prepare it first; a reset may have removed it.',
    });
  }
  const message = commitMessage(options.message, trailers);
  const { tip, skipped } = await commitLeftovers(options, { branch, message, identity });
  const limits = { maxBlobBytes: options.maxBlobBytes ?? 100 * 1024 * 1024 };
  const work = { start, base: begunOn, ...limits };
  const commit = await withMirrorLock(mirror, async () => {
    if (await findCommit(mirror, tip)) {
      const known = await judgeWork(mirror, { ...work, tip });
      await writeRefs(mirror, [[refs.work, known]]);
      return known;
    }
    const maxBytes = options.maxBytes ?? 512 * 1024 * 1024;
    return takeIn({ ...options, tip, known: [start, begunOn], maxBytes }, async (intake) => {
      const judged = await judgeWork(intake, { ...work, tip });
      await acceptAlone(intake, mirror, refs.work, judged);
      return judged;
    });
  });
  return { ...(await describe(mirror, start, begunOn, commit)), skipped };
}

/** The one ref moves, to what was judged, and no other. */
async function acceptAlone(
  intake: string,
  mirror: string,
  ref: string,
  commit: string,
): Promise<void> {
  const wanted = (await listRefs(mirror)).set(ref, commit);
  await acceptFromIntake(intake, mirror, commit, ref);
  const now = await listRefs(mirror);
  const same = now.size === wanted.size && [...wanted].every(([r, hash]) => now.get(r) === hash);
  if (!same) throw new AppError('git_failed', 'collecting the work has moved other refs as well');
}

async function describe(
  mirror: string,
  start: string,
  begunOn: string,
  commit: string,
): Promise<Omit<CollectedWork, 'skipped'>> {
  const fork = await runGit(['merge-base', begunOn, commit], { gitDir: mirror });
  const base = fork.stdout.trim();
  const stat = await diffStat(mirror, base, commit);
  return {
    commit,
    base,
    commits: await listCommits(mirror, base, commit),
    diffStat: stat,
    changed: stat.files > 0,
    progressed: (await treeOf(mirror, start)) !== (await treeOf(mirror, commit)),
    unresolved: await listUnresolved(
      mirror,
      commit,
      stat.paths.map(({ path }) => path),
    ),
  };
}

async function treeOf(mirror: string, commit: string): Promise<string> {
  return (await runGit(['rev-parse', `${commit}^{tree}`], { gitDir: mirror })).stdout.trim();
}
