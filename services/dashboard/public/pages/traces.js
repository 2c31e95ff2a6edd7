import { get } from '../api.js';
import { h } from '../element.js';
import { ago, compact, count, duration, money } from '../format.js';

/** The last traces of all projects: those of the daemons, and what other programs sent. */
export const traces = {
  name: 'traces',
  place: '/traces',
  topics: ['progress', 'roadmap'],
  ages: true,
  title: () => 'Traces',
  load: () => get('/api/traces'),
  view: ({ traces: list }) => [
    h('div', { class: 'page-head' }, h('h1', {}, 'Traces')),
    list.length === 0
      ? h(
          'p',
          { class: 'quiet' },
          'None yet. A daemon leaves one for each attempt; docs/traces.md says how other programs send theirs.',
        )
      : h('div', { class: 'card scroll-x' }, table(list)),
  ],
};

const HEAD = [
  ['Name', ''],
  ['Project', 'wide'],
  ['Began', ''],
  ['Took', 'num wide'],
  ['Steps', 'num wide'],
  ['Tokens', 'num wide'],
  ['Cost', 'num'],
];

function table(list) {
  return h(
    'table',
    { class: 'traces', 'aria-label': 'Traces' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        HEAD.map(([name, kind]) => h('th', { scope: 'col', class: kind }, name)),
      ),
    ),
    h('tbody', {}, list.map(row)),
  );
}

function row(one) {
  const took = one.ended_at === null ? null : (new Date(one.ended_at) - new Date(one.at)) / 1000;
  return h(
    'tr',
    { 'data-key': `${one.project_id} ${one.id}` },
    h(
      'th',
      { scope: 'row' },
      h(
        'a',
        { href: `/traces/${one.project_id}/${encodeURIComponent(one.id)}` },
        one.name ?? one.id,
      ),
      one.failures > 0 && [' ', h('span', { class: 'badge failed' }, `${one.failures} failed`)],
    ),
    h('td', { class: 'wide' }, one.item === null ? one.project : `${one.project} / ${one.item}`),
    h('td', { class: 'quiet' }, ago(one.at)),
    h('td', { class: 'num wide' }, took === null ? '–' : duration(took)),
    h('td', { class: 'num wide' }, count(one.observations)),
    h('td', { class: 'num wide' }, compact(one.tokens)),
    h(
      'td',
      { class: 'num' },
      money(one.cost_usd),
      one.unpriced_calls > 0 && h('span', { class: 'quiet' }, ` + ${one.unpriced_calls} unpriced`),
    ),
  );
}
