import { get } from '../api.js';
import { h } from '../element.js';
import { compact, duration, moment, money, plural } from '../format.js';
import { buildTree, totalsOf } from '../parts/tree.js';
import { createWaterfall } from '../parts/waterfall.js';
import { showNode } from '../parts/node-detail.js';

const FIRST = 500;
let waterfall;
let shown;

/** What one run did: a tree of calls over time. */
export const trace = {
  name: 'trace',
  place: '/traces',
  topics: ['progress'],
  title: (data) => (data === undefined ? 'Trace' : `Trace ${data.trace.name ?? data.trace.id}`),
  async load({ project, id }) {
    const place = `${project}/${encodeURIComponent(decodeURIComponent(id))}`;
    // The beginning at once, the rest while somebody looks at it already.
    const partial = shown !== place;
    const data = await get(`/api/traces/${place}${partial ? `?first=${FIRST}` : ''}`);
    shown = place;
    return { ...data, partial: partial && data.rows.length >= FIRST, tree: buildTree(data) };
  },
  view({ trace: one, tree, partial }) {
    const totals = totalsOf(tree);
    return [
      h(
        'div',
        { class: 'page-head item-head' },
        h(
          'div',
          {},
          h(
            'p',
            { class: 'quiet' },
            one.item_id === null
              ? one.project
              : h(
                  'a',
                  { href: `/items/${one.item_id}` },
                  `${one.project} / ${one.number} ${one.title}`,
                ),
          ),
          h('h1', {}, one.name ?? one.id),
        ),
        h(
          'p',
          { class: 'quiet' },
          `${moment(one.at)} · ${partial ? 'reading …' : plural(tree.nodes.length, 'node')} · ${duration(tree.length / 1000)} · ${compact(totals.tokens)} tokens · ${money(totals.cost)}${totals.unpriced > 0 ? ` + ${totals.unpriced} unpriced` : ''}`,
        ),
      ),
      h('div', { id: 'waterfall', class: 'waterfall', 'data-keep': true, 'data-key': 'waterfall' }),
      h('aside', {
        id: 'node',
        class: 'card node',
        'data-keep': true,
        'data-key': 'node',
        'aria-live': 'polite',
        hidden: true,
      }),
    ];
  },
  drawn(root, data, { refresh }) {
    if (data.partial) void refresh();
    const place = root.querySelector('#waterfall');
    if (waterfall?.place === place) return waterfall.update(data.tree);
    waterfall = createWaterfall(place, data.tree, {
      onSelect: (node) => showNode(root.querySelector('#node'), data.trace, node),
    });
    performance.mark('waterfall-drawn');
  },
  left() {
    waterfall?.close();
    waterfall = undefined;
    shown = undefined;
  },
};
