import { pushRef } from './push-ref';
import { roadmapRef } from './refs';
import type { RemoteAccess } from './remote';

export interface PushBranch extends RemoteAccess {
  mirror: string;
  /** `roadmap/…` */
  branch: string;
  commit: string;
  /** The branch's tip on the remote as the caller knows it; null: it is not there yet. */
  expected: string | null;
}

export type PushOutcome =
  | { kind: 'pushed'; commit: string }
  | { kind: 'already_pushed'; commit: string }
  /** Somebody else has pushed to the branch; `found`: its tip, null when it was deleted. */
  | { kind: 'moved'; found: string | null }
  | { kind: 'refused'; reason: string };

/** Shows the work on the remote. Sent twice, by one daemon or two, it is there once. */
export async function pushBranch({
  mirror,
  branch,
  commit,
  expected,
  ...access
}: PushBranch): Promise<PushOutcome> {
  const end = await pushRef(mirror, access, { ref: roadmapRef(branch), commit, expected });
  switch (end.kind) {
    case 'pushed':
      return { kind: 'pushed', commit };
    case 'unchanged':
      return { kind: 'already_pushed', commit };
    case 'moved':
      return end;
    case 'refused':
      return {
        kind: 'refused',
        reason: end.checkedOut
          ? `${branch} is checked out in ${access.url} with changes (${end.reason}); commit or stash them there, or switch to another branch`
          : end.reason,
      };
  }
}
