import { h, icon } from '../element.js';

const PLACES = [
  ['/', 'Now', 'now'],
  ['/roadmap', 'Roadmap', 'roadmap'],
  ['/traces', 'Traces', 'traces'],
  ['/analytics', 'Analytics', 'analytics'],
  ['/time', 'Time', 'time'],
  ['/phrases', 'Phrases', 'phrases'],
];
const LIVE = {
  live: 'Live',
  waiting: 'Connecting …',
  resting: 'Resting',
};

/** For those who manage a team. */
const MANAGERS = [['/billing', 'Billing', 'billing']];

export function bar({ me, live, page }) {
  const here = page?.place ?? location.pathname;
  return [
    h(
      'a',
      { href: '/', class: 'brand' },
      h('img', { src: '/assets/icon.svg', alt: '', width: 28, height: 28 }),
      h('span', {}, 'Coffee Roadmap'),
    ),
    me?.signed_in &&
      h(
        'nav',
        { 'aria-label': 'Pages' },
        [...PLACES, ...(me.manages?.length > 0 ? MANAGERS : [])].map(([path, name, picture]) =>
          h(
            'a',
            { href: path, 'aria-current': here === path ? 'page' : null },
            icon(picture),
            h('span', {}, name),
          ),
        ),
      ),
    h(
      'div',
      { class: 'who' },
      h(
        'span',
        { class: ['live', live], title: 'Changes show by themselves' },
        h('span', { class: 'dot' }),
        h('span', { class: 'word' }, LIVE[live]),
      ),
      h(
        'button',
        { type: 'button', class: 'plain', 'data-action': 'theme', 'aria-label': 'Light or dark' },
        icon('sun'),
      ),
      me?.signed_in &&
        h(
          'a',
          {
            href: '/sessions',
            class: 'me',
            'aria-current': here === '/sessions' ? 'page' : null,
            'aria-label': `${me.name}: where you are signed in`,
          },
          icon('person'),
          h('span', { class: 'word' }, me.name),
        ),
      me?.signed_in &&
        h(
          'button',
          { type: 'button', class: 'plain', 'data-action': 'sign-out', 'aria-label': 'Sign out' },
          icon('leave'),
        ),
    ),
  ];
}
