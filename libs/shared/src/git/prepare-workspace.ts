import { agentGitFailure, removeStaleLocks, runAgentGit, type AgentClone } from './agent-git';
import { branchRef } from './branch-name';
import { beginWork } from './begin-work';
import { fillWorkspace } from './fill-workspace';
import type { Identity } from './message';
import { withMirrorLock } from './mirror-lock';
import { attemptRefs, findCommit, roadmapRef, writeRefs } from './refs';

export interface PrepareWorkspace extends AgentClone {
  /** Freshly fetched. */
  mirror: string;
  /** Id of the attempt; a workspace of the same attempt is kept with all that is in it. */
  attempt: string;
  /** `roadmap/…` */
  branch: string;
  /** The default branch, to which the work is to go. */
  base: string;
  /** In whose name commits in the clone are made. */
  identity: Identity;
}

export interface PreparedWorkspace {
  /** What the attempt begins with. */
  start: string;
  /** Tip of the default branch at that time. */
  base: string;
  /** True: it was there, with the agent's uncommitted work. */
  kept: boolean;
  /** Paths with conflict markers, because the default branch has moved; the agent solves them. */
  conflicts: string[];
}

/**
 * Gives the agent its own clone, on the item's branch, with the default branch merged in. Called
 * again for the same attempt it touches nothing; one that was interrupted half-way is made anew.
 */
export async function prepareWorkspace(options: PrepareWorkspace): Promise<PreparedWorkspace> {
  const { mirror, attempt, identity } = options;
  const branch = roadmapRef(options.branch);
  const base = branchRef(options.base);
  const refs = attemptRefs(attempt);
  const kept = await findKept(options);
  if (kept) return { ...kept, kept: true, conflicts: await listConflicts(options) };

  const begin = await withMirrorLock(mirror, async () => {
    const begin = await beginWork({ mirror, branch, base, work: refs.work, identity });
    await options.sandbox.removeFolder(options.workspace);
    await options.sandbox.prepareFolder(options.workspace);
    await fillWorkspace({ ...options, ...begin, branch, baseRef: base });
    return begin;
  });
  const conflicts = begin.merged ? [] : await mergeInClone(options);
  // Last of all: from now on the workspace counts as whole.
  await writeRefs(mirror, [
    [refs.start, begin.start],
    [refs.base, begin.base],
  ]);
  return { start: begin.start, base: begin.base, kept: false, conflicts };
}

async function findKept(
  options: PrepareWorkspace,
): Promise<{ start: string; base: string } | undefined> {
  const { mirror, attempt, workspace, sandbox } = options;
  const refs = attemptRefs(attempt);
  const [start, base] = [await findCommit(mirror, refs.start), await findCommit(mirror, refs.base)];
  if (!start || !base) return undefined;
  if (!(await sandbox.listFolder(workspace)).includes('.git')) return undefined;
  await removeStaleLocks(options);
  const head = await runAgentGit(options, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
    allow: [0, 1, 128],
  });
  return head.code === 0 ? { start, base } : undefined;
}

/** Leaves the markers in the tree and the merge open: the agent's next commit concludes it. */
async function mergeInClone(options: PrepareWorkspace): Promise<string[]> {
  const message = `Merge ${options.base} into ${options.branch}`;
  const theirs = `refs/remotes/origin/${options.base}`;
  const merge = await runAgentGit(
    options,
    ['merge', '--quiet', '--no-verify', '--no-ff', '-m', message, theirs],
    { identity: options.identity, allow: [0, 1] },
  );
  if (merge.code === 0) return [];
  const conflicts = await listConflicts(options);
  if (conflicts.length === 0) throw agentGitFailure('merge', merge.stdout, merge.code);
  return conflicts;
}

async function listConflicts(clone: AgentClone): Promise<string[]> {
  const { stdout } = await runAgentGit(clone, [
    'diff',
    '--name-only',
    '--no-ext-diff',
    '--diff-filter=U',
    '-z',
  ]);
  return stdout.split('\0').filter(Boolean);
}
