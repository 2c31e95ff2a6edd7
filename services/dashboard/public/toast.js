import { h } from './element.js';

const SHOWN_MS = 6_000;

/** A line at the edge that goes away by itself; screen readers read it. */
export function toast(text, kind = 'info', hint = '') {
  const node = h(
    'div',
    { class: ['toast', kind] },
    h('strong', {}, text),
    hint && h('span', {}, hint),
  );
  document.getElementById('toasts').append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}
