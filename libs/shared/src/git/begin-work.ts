import { AppError } from '../errors';
import { mergeTrees } from './merge-trees';
import { commitMessage, identityEnvironment, type Identity } from './message';
import { findCommit, isAncestor } from './refs';
import { runGit } from './run-git';

export interface BeganWork {
  start: string;
  base: string;
  /** False: `start` and `base` conflict; the merge is left to the agent. */
  merged: boolean;
}

/**
 * Chooses what an attempt starts from: what it has collected before, else the branch as it is on the
 * remote, else the default branch. Where the default branch has moved on, and nothing conflicts,
 * the two are merged here in the mirror.
 */
export async function beginWork({
  mirror,
  branch,
  base,
  work,
  identity,
}: {
  mirror: string;
  /** Full refs. */
  branch: string;
  base: string;
  work: string;
  identity: Identity;
}): Promise<BeganWork> {
  const onto = await findCommit(mirror, base);
  if (!onto) {
    throw new AppError('git_failed', `the mirror has no ${base.slice('refs/heads/'.length)}`, {
      hint: 'Check the project’s default branch.',
    });
  }
  const tip = await latest(
    mirror,
    await findCommit(mirror, branch),
    await findCommit(mirror, work),
  );
  if (!tip || (await isAncestor(mirror, tip, onto)))
    return { start: onto, base: onto, merged: true };
  if (await isAncestor(mirror, onto, tip)) return { start: tip, base: onto, merged: true };
  const merge = await mergeTrees(mirror, tip, onto);
  if (merge.kind === 'conflict') return { start: tip, base: onto, merged: false };
  const names = [base, branch].map((ref) => ref.slice('refs/heads/'.length));
  const commit = await runGit(['commit-tree', '-p', tip, '-p', onto, '-F', '-', merge.tree], {
    gitDir: mirror,
    env: identityEnvironment(identity),
    input: commitMessage(`Merge ${names.join(' into ')}`),
  });
  return { start: commit.stdout.trim(), base: onto, merged: true };
}

/** Work that was collected but never pushed counts only as long as it builds on what was. */
async function latest(
  mirror: string,
  pushed: string | undefined,
  collected: string | undefined,
): Promise<string | undefined> {
  if (!pushed || !collected) return pushed ?? collected;
  return (await isAncestor(mirror, pushed, collected)) ? collected : pushed;
}
