import { get } from '../api.js';
import { h } from '../element.js';
import { compact, duration, money } from '../format.js';

const KINDS = [
  ['input_tokens', 'Input'],
  ['output_tokens', 'Output'],
  ['cache_read_tokens', 'Read from cache'],
  ['cache_write_tokens', 'Written to cache'],
];

/** What one node was given and gave back, as far as it is stored. */
export async function showNode(place, trace, node) {
  place.hidden = false;
  const facts = [
    ['Kind', node.kind],
    ['Took', duration((node.to - node.from) / 1000)],
    ['Model', node.model],
    [
      'Cost',
      node.unpriced ? 'no price is known' : node.cost_usd === null ? null : money(node.cost_usd),
    ],
    ...KINDS.map(([key, name]) => [name, node[key] > 0 ? `${compact(node[key])} tokens` : null]),
    ['Level', node.level === 'DEFAULT' ? null : node.level],
    ['Said', node.status_message],
  ].filter(([, value]) => value !== null && value !== undefined && value !== '');
  const head = [
    h('h2', {}, node.name ?? node.id),
    h(
      'dl',
      { class: 'facts-list' },
      facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
  ];
  place.replaceChildren(...head, h('p', { class: 'quiet' }, 'Reading …'));
  place.dataset.node = node.id;
  const path = `/api/traces/${trace.project_id}/${encodeURIComponent(trace.id)}/nodes/${node.kind}/${encodeURIComponent(node.id)}`;
  const stored = await get(path).catch((error) => ({ problem: error.message }));
  if (place.dataset.node !== node.id) return; // another one was chosen meanwhile
  const parts = [
    ['Input', stored.input],
    ['Output', stored.output],
    ['Metadata', stored.metadata],
  ]
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) =>
      h(
        'details',
        { open: name !== 'Metadata' },
        h('summary', {}, name),
        h('pre', {}, textOf(value)),
      ),
    );
  place.replaceChildren(
    ...head,
    ...(parts.length > 0
      ? parts
      : [h('p', { class: 'quiet' }, stored.problem ?? 'Its input and output are not stored.')]),
  );
}

const textOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
