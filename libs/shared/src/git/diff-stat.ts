import { printable } from './failure';
import { runGit } from './run-git';

export interface DiffStat {
  files: number;
  insertions: number;
  deletions: number;
  /** The first 200. Lines; 0 and 0 for binary files. A renamed file has its new path. */
  paths: { path: string; added: number; deleted: number }[];
}

const MAX_PATHS = 200;
const MAX_COMMITS = 200;

/** What changed between two commits of the mirror. */
export async function diffStat(mirror: string, from: string, to: string): Promise<DiffStat> {
  const { stdout } = await runGit(
    ['diff-tree', '-r', '-M', '--numstat', '-z', '--no-ext-diff', '--no-textconv', from, to],
    { gitDir: mirror, timeoutMs: 600_000 },
  );
  return parseNumstat(stdout);
}

/** Parses `--numstat -z`: `<added>\t<deleted>\t<path>\0`; renamed: `…\t\0<old>\0<new>\0`. */
export function parseNumstat(output: string): DiffStat {
  const stat: DiffStat = { files: 0, insertions: 0, deletions: 0, paths: [] };
  const fields = output.split('\0');
  for (let at = 0; at < fields.length; at++) {
    const [plus, minus, name] = (fields[at] ?? '').split('\t', 3);
    if (plus === undefined || minus === undefined || name === undefined) continue;
    const path = (fields[at] ?? '').slice(plus.length + minus.length + 2) || fields[(at += 2)];
    const [added, deleted] = [Number(plus) || 0, Number(minus) || 0];
    stat.files += 1;
    stat.insertions += added;
    stat.deletions += deleted;
    if (stat.paths.length < MAX_PATHS) {
      stat.paths.push({ path: printable(path ?? ''), added, deleted });
    }
  }
  return stat;
}

/** Commits that `to` has and `from` has not, the oldest first, at most the last 200. */
export async function listCommits(
  mirror: string,
  from: string,
  to: string,
): Promise<{ hash: string; subject: string }[]> {
  const { stdout } = await runGit(
    ['log', `--max-count=${MAX_COMMITS}`, '--reverse', '--format=%H %s', to, `^${from}`],
    { gitDir: mirror },
  );
  const lines = stdout.split('\n').filter(Boolean);
  return lines.map((line) => {
    const [hash = ''] = line.split(' ', 1);
    return { hash, subject: printable(line.slice(hash.length + 1)).slice(0, 200) };
  });
}

/** Of `paths`, those that still have both markers of a conflict in `commit`. */
export async function listUnresolved(
  mirror: string,
  commit: string,
  paths: string[],
): Promise<string[]> {
  if (paths.length === 0) return [];
  const markers = ['-e', '^<<<<<<< ', '--or', '-e', '^>>>>>>> '];
  const { stdout } = await runGit(
    ['--literal-pathspecs', 'grep', '-lzI', '--all-match', ...markers, commit, '--', ...paths],
    { gitDir: mirror, allow: [0, 1] },
  );
  const found = stdout.split('\0').filter(Boolean);
  return found.map((name) => printable(name.slice(commit.length + 1)));
}
