import { get } from '../api.js';
import { h } from '../element.js';
import { showNode } from './node-detail.js';
import { buildTree } from './tree.js';
import { createWaterfall } from './waterfall.js';

const FIRST = 500;

/** Reads a trace with its tree; `first`: no more than its beginning, and then `partial` where there is more. */
export async function readTrace({ project, id, first }) {
  const place = `/api/traces/${project}/${encodeURIComponent(id)}`;
  const data = await get(first ? `${place}?first=${FIRST}` : place);
  return { ...data, partial: first && data.rows.length >= FIRST, tree: buildTree(data) };
}

/** Where a waterfall and the node that was chosen in it are drawn; it looks after its inside. */
export const traceView = () =>
  h(
    'div',
    { class: 'trace-view', 'data-keep': true, 'data-key': 'trace-view' },
    h('div', { class: 'waterfall' }),
    h('aside', { class: 'card node', 'aria-live': 'polite', hidden: true }),
  );

/** Draws a trace that was read into its view. */
export function drawTrace(view, { trace, tree }) {
  const node = view.querySelector('.node');
  return createWaterfall(view.querySelector('.waterfall'), tree, {
    onSelect: (one) => showNode(node, trace, one),
  });
}
