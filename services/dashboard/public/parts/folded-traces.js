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
      'data-observations': trace.observations,
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

/** The folds of one page: a trace is read when it is unfolded, and again when it has grown. */
export function createFoldedTraces() {
  const shown = new Map();

  async function show(fold) {
    const { project, trace: id, observations } = fold.dataset;
    const one = shown.get(fold);
    if (!fold.open || one.observations === observations) return;
    one.observations = observations;
    const view = fold.querySelector('.trace-view');
    try {
      let data = await readTrace({ project, id, first: one.waterfall === undefined });
      if (one.waterfall === undefined) one.waterfall = drawTrace(view, data);
      if (data.partial) data = await readTrace({ project, id });
      if (shown.has(fold)) one.waterfall.update(data.tree);
    } catch (error) {
      one.observations = undefined;
      if (one.waterfall === undefined)
        view.firstChild.replaceChildren(h('p', { class: 'quiet' }, error.message));
    }
  }

  return {
    drawn(root) {
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
