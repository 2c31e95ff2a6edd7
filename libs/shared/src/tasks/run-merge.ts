import { toAppError } from '../db/app-errors';
import type { Session } from '../db/session';
import { mergeBranch } from '../git/merge-branch';
import type { Identity } from '../git/message';
import { failpoint } from './failpoint';
import { persist } from './persist';
import { openRepository, type DaemonFolders } from './project-repository';
import { finishMerge, type Assignment, type Task } from './queries';

export interface MergeContext {
  session: Session<'daemon'>;
  task: Task;
  folders: DaemonFolders;
  identity: Identity;
  /** Aborted when the lease is lost or the daemon stops. */
  signal: AbortSignal;
}

/** Merges accepted work into the default branch. Whatever happens, the item says so. */
export async function runMerge(context: MergeContext, assignment: Assignment): Promise<MergeEnd> {
  const { session, task, signal } = context;
  const end = await tryMerge(context, assignment);
  await persist(() => finishMerge(session, task, end), signal);
  return end;
}

type MergeEnd = Parameters<typeof finishMerge>[2];

async function tryMerge(
  { session, folders, identity, signal }: MergeContext,
  assignment: Assignment,
): Promise<MergeEnd> {
  const { item } = assignment;
  try {
    const { mirror, url, credential, fetched } = await openRepository(session, folders, assignment);
    // The repository may have taken its time, and the lease with it.
    signal.throwIfAborted();
    const outcome = await mergeBranch({
      mirror,
      url,
      credential,
      branch: item.branch!,
      commit: item.commit_hash ?? undefined,
      into: fetched.defaultBranch,
      message: `Merge priority ${item.number}: ${item.title}`,
      trailers: [['Roadmap-Item', item.number]],
      identity,
    });
    failpoint('merged');
    switch (outcome.kind) {
      case 'merged':
      case 'already_merged':
        return {
          outcome: 'merged',
          commit: outcome.commit,
          reason: `merged into ${fetched.defaultBranch}`,
        };
      case 'conflict':
        return {
          outcome: 'conflict',
          commit: null,
          reason: `It conflicts with ${fetched.defaultBranch} in ${outcome.paths.join(', ')}.\n\n${outcome.detail}`,
        };
      case 'refused':
        return { outcome: 'refused', commit: null, reason: outcome.reason };
    }
  } catch (error) {
    signal.throwIfAborted();
    const failure = toAppError(error);
    const outcome = failure.code === 'not_reachable' ? 'later' : 'refused';
    return { outcome, commit: null, reason: [failure.message, failure.hint].join(' ').trim() };
  }
}
