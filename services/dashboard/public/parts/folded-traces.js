import { h } from '../element.js';
import { plural } from '../format.js';
import { drawTrace, readTrace, traceView } from './trace-view.js';

/** A trace in a fold of its own, with the way to its page. */
export const foldedTrace = (trace, open) =>
  h(
    'details',
    {
      class: 'folded-trace',
      open,
      'data-key': `trace-${trace.id}`,
      'data-project': trace.project_id,
      'data-trace': trace.id,
      'data-state': `${trace.observations} ${trace.changed_at}`,
    },
    h('summary', {}, `Trace: ${plural(trace.observations, 'step')}`),
    traceView(),
    h(
      'p',
      {},
      h(
        'a',
        { href: `/traces/${trace.project_id}/${encodeURIComponent(trace.id)}` },
        'Open it on a page of its own',
      ),
    ),
  );

/** The folds of one page: a trace is read when it is unfolded, and again when anything of it has changed. */
export function createFoldedTraces() {
  const shown = new Map();

  async function show(fold) {
    const { project, trace: id, state } = fold.dataset;
    const one = shown.get(fold);
    if (!fold.open || one.state === state) return;
    one.state = state;
    // Left meanwhile, or overtaken by a later state.
    const isOver = () => shown.get(fold) !== one || one.state !== state;
    const view = fold.querySelector('.trace-view');
    try {
      let data = await readTrace({ project, id, first: one.waterfall === undefined });
      if (isOver()) return;
      one.waterfall ??= drawTrace(view, data);
      if (data.partial) data = await readTrace({ project, id });
      if (!isOver()) one.waterfall.update(data.tree);
    } catch (error) {
      if (isOver()) return;
      one.state = undefined;
      if (one.waterfall === undefined)
        view.firstChild.replaceChildren(h('p', { class: 'quiet' }, error.message));
    }
  }

  return {
    drawn(root) {
      for (const [fold, { waterfall }] of shown) {
        if (fold.isConnected) continue;
        waterfall?.close();
        shown.delete(fold);
      }
      for (const fold of root.querySelectorAll('details.folded-trace')) {
        if (!shown.has(fold)) {
          shown.set(fold, {});
          fold.addEventListener('toggle', () => shown.has(fold) && show(fold));
        }
        void show(fold);
      }
    },
    left() {
      for (const { waterfall } of shown.values()) waterfall?.close();
      shown.clear();
    },
  };
}
