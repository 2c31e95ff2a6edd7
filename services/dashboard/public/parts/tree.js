/**
 * The nodes of a trace in the order of a tree, from rows in any order: children whose parent is not
 * there stand at the top. Times become milliseconds from the first start.
 *
 * @returns {{nodes: object[], roots: object[], start: number, length: number}} `nodes` parents first;
 *   each has depth, children, from and to.
 */
export function buildTree({ columns, rows }) {
  const nodes = rows.map((row) => Object.fromEntries(columns.map((name, n) => [name, row[n]])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const roots = [];
  let start = Infinity;
  let end = -Infinity;
  for (const node of nodes) {
    node.children = [];
    node.to_ms ??= node.from_ms;
    start = Math.min(start, node.from_ms);
    end = Math.max(end, node.to_ms);
  }
  for (const node of nodes) {
    const parent = byId.get(node.parent_id);
    (parent === undefined || parent === node ? roots : parent.children).push(node);
  }
  const ordered = [];
  const seen = new Set();
  const walk = (list) => {
    // A stack of our own: a chain of thousands of calls is deeper than the browser's.
    const stack = [...list].sort(later).map((node) => [node, 0]);
    while (stack.length > 0) {
      const [node, depth] = stack.pop();
      if (seen.has(node)) continue;
      seen.add(node);
      node.depth = depth;
      node.from = node.from_ms - start;
      node.to = node.to_ms - start;
      ordered.push(node);
      for (const child of [...node.children].sort(later)) stack.push([child, depth + 1]);
    }
  };
  walk(roots);
  // What names itself its own ancestor is reached from no root.
  for (const node of nodes) {
    if (seen.has(node)) continue;
    roots.push(node);
    walk([node]);
  }
  return { nodes: ordered, roots, start, length: Math.max(0, end - start) };
}

const later = (a, b) => b.from_ms - a.from_ms || (a.id < b.id ? 1 : -1);

export const tokensOf = (node) =>
  node.input_tokens + node.output_tokens + node.cache_read_tokens + node.cache_write_tokens;

export function totalsOf({ nodes }) {
  const totals = { tokens: 0, cost: 0, unpriced: 0 };
  for (const node of nodes) {
    totals.tokens += tokensOf(node);
    totals.cost += Number(node.cost_usd ?? 0);
    totals.unpriced += Number(node.unpriced ?? 0);
  }
  return totals;
}

/** The nodes that show while those in `closed` hide what is below them. */
export function visibleNodes({ nodes }, closed) {
  const shown = [];
  let hiddenBelow = Infinity;
  for (const node of nodes) {
    if (node.depth > hiddenBelow) continue;
    hiddenBelow = Infinity;
    shown.push(node);
    if (closed.has(node.id) && node.children.length > 0) hiddenBelow = node.depth;
  }
  return shown;
}
