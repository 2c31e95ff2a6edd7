import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors';
import { runAgentGit, agentGitFailure, spawnAgentGit, type AgentClone } from './agent-git';
import { gitFailure } from './failure';
import type { Identity } from './message';
import { readToEnd } from './read-to-end';
import { runGit, endGit, spawnGit } from './run-git';

const LIMITS = { timeoutMs: 30 * 60_000, maxBytes: 1024 * 1024 };

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
  const packing = spawnGit(['pack-objects', '--revs', '--stdout', '--delta-base-offset', '-q'], {
    gitDir: mirror,
  });
  const unpacking = spawnAgentGit(clone, ['index-pack', '--stdin']);
  const kill = () => endGit(packing);
  const packed = readToEnd(packing, { ...LIMITS, kill, onData: 'elsewhere' });
  const unpacked = readToEnd(unpacking.process, { ...LIMITS, kill: unpacking.kill });
  packing.stdin.on('error', () => undefined);
  packing.stdin.end(`${[...new Set(objects)].join('\n')}\n`);
  const broken = await pipeline(packing.stdout, unpacking.process.stdin).then(
    () => undefined,
    (error: Error) => error,
  );
  if (broken) {
    kill();
    unpacking.kill();
  }
  const [from, to] = await Promise.all([packed, unpacked]);
  if (to.code !== 0) throw agentGitFailure('index-pack', to.stderr, to.code);
  if (from.code !== 0) throw gitFailure({ verb: 'pack-objects', ...from });
  if (broken) throw new AppError('git_failed', 'the clone could not be filled', { cause: broken });
}
