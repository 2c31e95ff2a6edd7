import { h } from '../element.js';
import { compact, duration, moment, money, plural } from '../format.js';
import { drawTrace, readTrace, traceView } from '../parts/trace-view.js';
import { totalsOf } from '../parts/tree.js';

let waterfall;
let shown;

/** What one run did: a tree of calls over time. */
export const trace = {
  name: 'trace',
  place: '/traces',
  topics: ['progress'],
  title: (data) => (data === undefined ? 'Trace' : `Trace ${data.trace.name ?? data.trace.id}`),
  async load({ project, id }) {
    const place = `${project}/${id}`;
    // The beginning at once, the rest while somebody looks at it already.
    const first = shown !== place;
    const data = await readTrace({ project, id: decodeURIComponent(id), first });
    shown = place;
    return data;
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
      traceView(),
    ];
  },
  drawn(root, data, { refresh }) {
    if (data.partial) void refresh();
    const view = root.querySelector('.trace-view');
    if (waterfall?.place.parentNode === view) return waterfall.update(data.tree);
    waterfall = drawTrace(view, data);
    performance.mark('waterfall-drawn');
  },
  left() {
    waterfall?.close();
    waterfall = undefined;
    shown = undefined;
  },
};
