import { AppError } from '../errors';
import { printable } from './failure';
import { parseRawDiff, GITLINK } from './raw-diff';
import { findCommit, isAncestor } from './refs';
import { runGit } from './run-git';

export interface Work {
  /** A hash, as the agent names it. */
  tip: string;
  start: string;
  base: string;
  maxBlobBytes: number;
}

/**
 * Looks at what an agent has made before the mirror takes it. Returns its commit; throws
 * `agent_failed`, with the reason as a sentence for people, for work that must not go further.
 */
export async function judgeWork(gitDir: string, work: Work): Promise<string> {
  const tip = await findCommit(gitDir, work.tip);
  if (!tip) throw new AppError('agent_failed', 'the agent’s commits did not arrive');
  if (!(await isAncestor(gitDir, work.start, tip))) {
    throw new AppError('agent_failed', 'the agent has rewritten commits that were there before it');
  }
  await refuseSubmodules(gitDir, tip, work);
  await refuseLargeFiles(gitDir, tip, work);
  return tip;
}

async function refuseSubmodules(gitDir: string, tip: string, { start, base }: Work): Promise<void> {
  const fromStart = await newSubmodules(gitDir, start, tip);
  const fromBase = new Set(await newSubmodules(gitDir, base, tip));
  const path = fromStart.find((name) => fromBase.has(name));
  if (path === undefined) return;
  throw new AppError(
    'agent_failed',
    `the agent has committed a repository inside the repository: ${printable(path)}`,
    { hint: 'Its files have to be committed themselves, or it has to be left out.' },
  );
}

async function newSubmodules(gitDir: string, from: string, to: string): Promise<string[]> {
  const { stdout } = await runGit(
    ['diff-tree', '-r', '--raw', '-z', '--no-renames', '--no-ext-diff', from, to],
    { gitDir },
  );
  const changes = parseRawDiff(stdout);
  return changes.filter((c) => c.newMode === GITLINK && c.oldMode !== GITLINK).map((c) => c.path);
}

async function refuseLargeFiles(gitDir: string, tip: string, work: Work): Promise<void> {
  const objects = await runGit(['rev-list', '--objects', tip, `^${work.start}`, `^${work.base}`], {
    gitDir,
    maxBytes: 512 * 1024 * 1024,
  });
  const sizes = await runGit(['cat-file', '--batch-check=%(objecttype) %(objectsize) %(rest)'], {
    gitDir,
    input: objects.stdout,
    maxBytes: 512 * 1024 * 1024,
  });
  for (const line of sizes.stdout.split('\n')) {
    if (line.endsWith(' missing')) {
      throw new AppError('agent_failed', `the agent’s commits are not whole: ${printable(line)}`);
    }
    const [, type, size, path = ''] = /^(\w+) (\d+) ?(.*)$/.exec(line) ?? [];
    if (type !== 'blob' || Number(size) <= work.maxBlobBytes) continue;
    const [has, may] = [Number(size), work.maxBlobBytes].map((n) => (n / 1024 / 1024).toFixed(1));
    throw new AppError(
      'agent_failed',
      `the agent has committed ${printable(path)} with ${has} MB; the limit is ${may} MB`,
      { hint: 'Large files do not belong into the repository; list them in .gitignore.' },
    );
  }
}
