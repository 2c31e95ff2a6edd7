import { runAgentGit, agentGitFailure, spawnAgentGit, type AgentClone } from './agent-git';
import { gitFailure } from './failure';
import type { Identity } from './message';
import { endedEarly, pipePack } from './pipe-pack';
import { runGit, endGit, spawnGit } from './run-git';

/**
 * Makes the clone in an empty folder. The objects go through a pipe, packed by us and unpacked by
 * the agent's git: neither side opens a file of the other's.
 */
export async function fillWorkspace({
  mirror,
  identity,
  branch,
  baseRef,
  start,
  base,
  ...clone
}: AgentClone & {
  mirror: string;
  identity: Identity;
  /** Full refs. */
  branch: string;
  baseRef: string;
  start: string;
  base: string;
}): Promise<void> {
  const name = branch.slice('refs/heads/'.length);
  await runAgentGit(clone, ['init', '--quiet', '--template=', `--initial-branch=${name}`]);
  const tags = await listTags(mirror, start);
  await handOver(mirror, clone, [start, base, ...tags.map(([, object]) => object)]);
  const refs = [
    [branch, start],
    [baseRef, base],
    [`refs/remotes/origin/${baseRef.slice('refs/heads/'.length)}`, base],
    ...tags,
  ];
  await runAgentGit(clone, ['update-ref', '-z', '--stdin'], {
    input: refs.map(([ref, object]) => `update ${ref}\0${object}\0\0`).join(''),
  });
  await runAgentGit(clone, ['config', 'user.name', identity.name]);
  await runAgentGit(clone, ['config', 'user.email', identity.email]);
  await runAgentGit(clone, ['reset', '--quiet', '--hard']);
}

/** Builds ask `git describe`; so the clone has the tags of its own history. */
async function listTags(mirror: string, commit: string): Promise<[string, string][]> {
  const { stdout } = await runGit(
    ['for-each-ref', `--merged=${commit}`, '--format=%(refname) %(objectname)', 'refs/tags'],
    { gitDir: mirror },
  );
  const lines = stdout.split('\n').filter(Boolean);
  return lines.map((line) => line.split(' ') as [string, string]);
}

async function handOver(mirror: string, clone: AgentClone, objects: string[]): Promise<void> {
  const process = spawnGit(['pack-objects', '--revs', '--stdout', '--delta-base-offset', '-q'], {
    gitDir: mirror,
  });
  const { packed, unpacked } = await pipePack(
    { process, kill: () => endGit(process) },
    spawnAgentGit(clone, ['index-pack', '--stdin']),
    [...new Set(objects)],
  );
  if (unpacked.code === 0) return;
  if (endedEarly(unpacked)) throw gitFailure({ verb: 'pack-objects', ...packed });
  throw agentGitFailure('index-pack', unpacked.stderr, unpacked.code);
}
