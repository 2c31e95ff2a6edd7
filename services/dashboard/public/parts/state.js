import { h } from '../element.js';
import { STATE_NAMES } from '../format.js';

/** An item's state, in a word and a colour. */
export const stateBadge = (state, accepted) =>
  h(
    'span',
    { class: ['badge', state] },
    state === 'in_review' && accepted ? 'Accepted, merging' : (STATE_NAMES[state] ?? state),
  );

/** `+12 −3 in 2 files`. */
export function diffWords(stat) {
  if (stat === null || stat === undefined || stat.files === undefined) return null;
  return h(
    'span',
    { class: 'diff' },
    h('span', { class: 'plus' }, `+${stat.insertions}`),
    ' ',
    h('span', { class: 'minus' }, `−${stat.deletions}`),
    ` in ${stat.files} ${stat.files === 1 ? 'file' : 'files'}`,
  );
}
