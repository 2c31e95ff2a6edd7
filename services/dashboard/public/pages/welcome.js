import { get } from '../api.js';
import { h } from '../element.js';
import { compact, count, money, plural, STATE_NAMES } from '../format.js';

/** For whoever is not signed in: how to, and totals that are nobody's in particular. */
export const welcome = {
  name: 'welcome',
  topics: ['roadmap', 'progress', 'control'],
  title: () => 'Sign in',
  load: () => get('/api/totals').catch(() => null),
  view: (totals) => [
    h(
      'section',
      { class: 'card hello' },
      h('h1', {}, 'Sign in'),
      h(
        'p',
        {},
        'Run this in a terminal and open the link that it prints. It works once, for ten minutes.',
      ),
      h('pre', { class: 'command' }, h('code', {}, 'coffee-roadmap dashboard --link')),
      h(
        'p',
        { class: 'quiet' },
        'What you see and do here is yours from then on, with your own rights.',
      ),
    ),
    totals && h('section', { 'aria-label': 'Totals' }, h('h2', {}, 'In all'), tiles(totals)),
  ],
};

function tiles({ items, daemons, days }) {
  const sum = (list, key) => list.reduce((total, row) => total + Number(row[key]), 0);
  const byState = Object.fromEntries(items.map((row) => [row.state, row.items]));
  const working = daemons.filter((row) => ['working', 'waiting'].includes(row.state));
  return h(
    'div',
    { class: 'tiles' },
    tile(
      'Priorities',
      count(sum(items, 'items')),
      Object.entries(STATE_NAMES)
        .filter(([state]) => byState[state] > 0)
        .map(([state, name]) => `${byState[state]} ${name.toLowerCase()}`)
        .join(', '),
    ),
    tile('Daemons', count(sum(daemons, 'daemons')), `${sum(working, 'daemons')} at work`),
    tile(
      '30 days',
      money(sum(days, 'cost_usd')),
      `${plural(sum(days, 'attempts'), 'attempt')}, ${compact(sum(days, 'tokens'))} tokens`,
    ),
  );
}

const tile = (name, value, note) =>
  h(
    'div',
    { class: 'tile' },
    h('span', { class: 'name' }, name),
    h('span', { class: 'value' }, value),
    h('span', { class: 'quiet' }, note),
  );
