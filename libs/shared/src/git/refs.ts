import { AppError } from '../errors';
import { branchRef, BRANCH_PREFIX } from './branch-name';
import { runGit } from './run-git';

/** What the mirror remembers about an attempt. */
export interface AttemptRefs {
  /** What the agent has made, once it has been collected. */
  work: string;
  /** What the agent's clone began with. Its existence says that the clone was made whole. */
  start: string;
  /** The default branch at that time. */
  base: string;
}

/** `attempt`: letters, digits, `_` and `-`, at most 64. */
export function attemptRefs(attempt: string): AttemptRefs {
  if (!/^[A-Za-z0-9][\w-]{0,63}$/.test(attempt)) {
    throw new AppError('invalid_input', `${JSON.stringify(attempt)} is not an attempt's id`);
  }
  return {
    work: `refs/attempts/${attempt}`,
    start: `refs/coffee/${attempt}/start`,
    base: `refs/coffee/${attempt}/base`,
  };
}

/** The full ref of a branch of ours; throws `invalid_input` for any other branch. */
export function roadmapRef(branch: string): string {
  if (!branch.startsWith(BRANCH_PREFIX)) {
    throw new AppError(
      'invalid_input',
      `${JSON.stringify(branch)} is not a ${BRANCH_PREFIX} branch`,
    );
  }
  return branchRef(branch);
}

export function isCommitHash(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

export function mustBeCommitHash(text: string): string {
  if (isCommitHash(text)) return text;
  throw new AppError(
    'invalid_input',
    `${JSON.stringify(text.slice(0, 80))} is not a commit's hash`,
  );
}

/** The commit that a full ref or a hash names in the mirror; undefined when there is none. */
export async function findCommit(mirror: string, name: string): Promise<string | undefined> {
  const found = await runGit(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    {
      gitDir: mirror,
      allow: [0, 1, 128],
    },
  );
  const hash = found.stdout.trim();
  return found.code === 0 && isCommitHash(hash) ? hash : undefined;
}

export async function isAncestor(mirror: string, older: string, newer: string): Promise<boolean> {
  const { code } = await runGit(['merge-base', '--is-ancestor', older, newer], {
    gitDir: mirror,
    allow: [0, 1],
  });
  return code === 0;
}

/** Moves refs of the mirror, all or none. `[ref, commit]`; a null commit removes the ref. */
export async function writeRefs(mirror: string, refs: [string, string | null][]): Promise<void> {
  const lines = refs.map(([ref, commit]) =>
    commit === null ? `delete ${ref}\0\0` : `update ${ref}\0${commit}\0\0`,
  );
  await runGit(['update-ref', '-z', '--stdin'], { gitDir: mirror, input: lines.join('') });
}

/** Every ref of the mirror below `prefix` (default: all), with what it points at. */
export async function listRefs(mirror: string, prefix?: string): Promise<Map<string, string>> {
  const { stdout } = await runGit(
    ['for-each-ref', '--format=%(objectname) %(refname)', ...(prefix ? [prefix] : [])],
    { gitDir: mirror },
  );
  const lines = stdout.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  );
}
