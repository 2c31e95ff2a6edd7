import { AppError } from '../errors';
import { removeStaleLocks, runAgentGit, type AgentClone } from './agent-git';
import { parseRawDiff, GITLINK } from './raw-diff';
import type { Identity } from './message';
import { isCommitHash } from './refs';

export interface Leftovers {
  /** What the agent has checked out, or its branch, whichever is ahead. */
  tip: string;
  /** Repositories inside the repository: they are left out of the commit. */
  skipped: string[];
}

/**
 * Commits in the clone what the agent has not, and finds the tip of its work. All of it runs in the
 * sandbox. Without anything to commit there is no commit. Throws `agent_failed` when the clone is in
 * no state to be collected.
 */
export async function commitLeftovers(
  clone: AgentClone,
  { branch, message, identity }: { branch: string; message: string; identity: Identity },
): Promise<Leftovers> {
  const blame = 'agent_failed';
  await removeStaleLocks(clone);
  await runAgentGit(clone, ['add', '--all'], { blame });
  const skipped = await leaveOutRepositories(clone);
  const staged = await runAgentGit(
    clone,
    ['diff', '--cached', '--quiet', '--no-ext-diff', 'HEAD'],
    {
      allow: [0, 1],
      blame,
    },
  );
  if (staged.code === 1 || (await findInClone(clone, 'MERGE_HEAD'))) {
    await runAgentGit(
      clone,
      ['commit', '--quiet', '--no-verify', '--cleanup=whitespace', '--file=-'],
      { identity, input: message, blame },
    );
  }
  return { tip: await furthest(clone, branch), skipped };
}

/** A clone of something else in the tree would become a pointer that nobody can follow. */
async function leaveOutRepositories(clone: AgentClone): Promise<string[]> {
  const { stdout } = await runAgentGit(
    clone,
    ['diff', '--cached', '--raw', '-z', '--no-renames', '--no-ext-diff', '--no-abbrev', 'HEAD'],
    { blame: 'agent_failed' },
  );
  const added = parseRawDiff(stdout).filter((c) => c.newMode === GITLINK && c.oldMode !== GITLINK);
  const paths = added.map((change) => change.path);
  if (paths.length > 0) {
    await runAgentGit(clone, ['update-index', '--force-remove', '-z', '--stdin'], {
      input: paths.map((path) => `${path}\0`).join(''),
      blame: 'agent_failed',
    });
  }
  return paths;
}

async function furthest(clone: AgentClone, branch: string): Promise<string> {
  const head = await findInClone(clone, 'HEAD');
  const tip = await findInClone(clone, branch);
  if (!head) throw new AppError('agent_failed', 'nothing is checked out in the agent’s clone');
  if (!tip || (await isBehind(clone, tip, head))) return head;
  if (await isBehind(clone, head, tip)) return tip;
  const name = branch.slice('refs/heads/'.length);
  throw new AppError('agent_failed', `the agent left its work in two places: HEAD and ${name}`, {
    hint: `All of it has to be on ${name}.`,
  });
}

async function isBehind(clone: AgentClone, older: string, newer: string): Promise<boolean> {
  const { code } = await runAgentGit(clone, ['merge-base', '--is-ancestor', older, newer], {
    allow: [0, 1],
    blame: 'agent_failed',
  });
  return code === 0;
}

async function findInClone(clone: AgentClone, name: string): Promise<string | undefined> {
  const found = await runAgentGit(clone, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
    allow: [0, 1, 128],
    blame: 'agent_failed',
  });
  const hash = found.stdout.trim();
  return found.code === 0 && isCommitHash(hash) ? hash : undefined;
}
