import { printable } from './failure';
import { runGit } from './run-git';

export type MergedTrees =
  | { kind: 'clean'; tree: string }
  /** `paths`: in conflict; `detail`: git's own lines about them, at most 4,000 characters. */
  | { kind: 'conflict'; paths: string[]; detail: string };

/**
 * Merges two commits of the mirror without a working tree. Only git's built-in merges run: drivers
 * that attributes may name are settings, and the mirror has none.
 */
export async function mergeTrees(
  mirror: string,
  ours: string,
  theirs: string,
): Promise<MergedTrees> {
  const merge = await runGit(['merge-tree', '--write-tree', '--name-only', '-z', ours, theirs], {
    gitDir: mirror,
    allow: [0, 1],
    timeoutMs: 600_000,
  });
  const [tree = '', ...rest] = merge.stdout.split('\0');
  if (merge.code === 0) return { kind: 'clean', tree };
  const end = rest.indexOf('');
  const paths = [...new Set(rest.slice(0, end))];
  return { kind: 'conflict', paths, detail: messagesOf(rest.slice(end + 1)).slice(0, 4000) };
}

/** Each message: number of paths, that many paths, a short type, the text. */
function messagesOf(fields: string[]): string {
  const texts: string[] = [];
  for (let at = 0; at < fields.length;) {
    const count = Number(fields[at]);
    if (fields[at] === '' || !Number.isInteger(count)) break;
    const type = fields[at + count + 1] ?? '';
    const text = fields[at + count + 2] ?? '';
    if (type !== 'Auto-merging') texts.push(printable(text.trim()));
    at += count + 3;
  }
  return texts.join('\n');
}
