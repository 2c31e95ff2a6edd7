interface Node {
  readonly id: string;
  readonly parent_id: string | null;
}

/** Deeper than this a line would be all branch. */
const DEEPEST = 12;

export interface Laid<N extends Node> {
  /** Lines before the node: `│ ├ `. */
  branch: string;
  node: N;
}

/**
 * Depth first, brothers in the order that they came in. Whose parent is not there, or is below itself,
 * stands at the top: nothing is left out, whatever was reported.
 */
export function layOutTree<N extends Node>(nodes: readonly N[]): Laid<N>[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const children = new Map<string, N[]>();
  const roots: N[] = [];
  for (const node of nodes) {
    const { parent_id: parent } = node;
    if (parent === null || !ids.has(parent) || parent === node.id) roots.push(node);
    else if (children.has(parent)) children.get(parent)!.push(node);
    else children.set(parent, [node]);
  }
  const laid: Laid<N>[] = [];
  const seen = new Set<N>();
  const walk = (top: N): void => {
    const stack = [{ node: top, lead: '', last: true, depth: 0 }];
    while (stack.length > 0) {
      const { node, lead, last, depth } = stack.pop()!;
      if (seen.has(node)) continue;
      seen.add(node);
      laid.push({ branch: depth === 0 ? '' : `${lead}${last ? '└ ' : '├ '}`, node });
      const below = (children.get(node.id) ?? []).filter((child) => !seen.has(child));
      const inner = depth === 0 || depth > DEEPEST ? lead : `${lead}${last ? '  ' : '│ '}`;
      for (let i = below.length - 1; i >= 0; i -= 1) {
        stack.push({
          node: below[i]!,
          lead: inner,
          last: i === below.length - 1,
          depth: depth + 1,
        });
      }
    }
  };
  for (const root of roots) walk(root);
  for (const node of nodes) if (!seen.has(node)) walk(node);
  return laid;
}
