import { branchRef } from './branch-name';
import { commitMessage, identityEnvironment } from './message';
import { pushRef, type PushEnd } from './push-ref';
import type { RemoteAccess } from './remote';
import { runGit } from './run-git';

/** 2020-01-01. Fixed, like all of it: two daemons that do this at once make the same commit. */
const AT = 1_577_836_800;
const AUTHOR = { name: 'Coffee Roadmap', email: 'daemon@coffee-roadmap.invalid' };

/**
 * Gives a remote without commits its default branch: one commit that holds no file. Hosts take the
 * first branch that they are sent for the default, so it must come before any roadmap branch.
 * Done again it changes nothing; a branch that somebody else has pushed meanwhile stays.
 */
export async function createFirstCommit({
  mirror,
  branch,
  ...access
}: { mirror: string; branch: string } & RemoteAccess): Promise<PushEnd> {
  const tree = await runGit(['hash-object', '-t', 'tree', '-w', '--stdin'], { gitDir: mirror });
  const commit = await runGit(['commit-tree', '-F', '-', tree.stdout.trim()], {
    gitDir: mirror,
    env: identityEnvironment(AUTHOR, AT),
    input: commitMessage('Begin the repository'),
  });
  return pushRef(mirror, access, {
    ref: branchRef(branch),
    commit: commit.stdout.trim(),
    expected: null,
  });
}
