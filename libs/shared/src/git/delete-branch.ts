import { fetchMirror } from './fetch-mirror';
import { pushRef } from './push-ref';
import { findCommit, isAncestor, roadmapRef } from './refs';
import type { RemoteAccess } from './remote';

export type DeleteOutcome =
  | { kind: 'deleted'; commit: string }
  | { kind: 'absent' }
  /** Not merged, moved meanwhile, or refused by the remote. */
  | { kind: 'kept'; reason: string };

/** Removes a roadmap branch from the remote, provided that `into` has all of it. */
export async function deleteBranch({
  mirror,
  branch,
  into,
  ...access
}: { mirror: string; branch: string; into: string } & RemoteAccess): Promise<DeleteOutcome> {
  const ref = roadmapRef(branch);
  const { head } = await fetchMirror({ mirror, ...access, defaultBranch: into });
  const tip = await findCommit(mirror, ref);
  if (!tip) return { kind: 'absent' };
  if (!head || !(await isAncestor(mirror, tip, head))) {
    return { kind: 'kept', reason: `${into} does not have all of ${branch}` };
  }
  const end = await pushRef(mirror, access, { ref, commit: null, expected: tip });
  switch (end.kind) {
    case 'pushed':
      return { kind: 'deleted', commit: tip };
    case 'unchanged':
      return { kind: 'absent' };
    case 'moved':
      return { kind: 'kept', reason: `somebody has pushed to ${branch} meanwhile` };
    case 'refused':
      return { kind: 'kept', reason: end.reason };
  }
}
