import { get, post } from '../api.js';
import { h } from '../element.js';
import { ago, moment } from '../format.js';

/** Where one is signed in. */
export const sessions = {
  name: 'sessions',
  place: '/sessions',
  ages: true,
  title: () => 'Signed in',
  load: () => get('/api/sessions'),
  view: ({ sessions: list, kind }, { me }) => [
    h(
      'div',
      { class: 'page-head' },
      h('h1', {}, 'Where you are signed in'),
      h('button', { type: 'button', 'data-action': 'end-all' }, 'Sign out everywhere'),
    ),
    h('ul', { class: 'stack' }, list.map(card)),
    h('p', { class: 'quiet note-below' }, words(me, kind)),
  ],
  actions: {
    async end({ dataset }, { refresh, toast }) {
      await post(`/api/sessions/${dataset.id}/end`);
      toast('That browser is signed out.', 'good');
      await refresh();
    },
    async 'end-all'(_button, { refresh }) {
      await post('/api/sessions/end-all');
      await refresh();
    },
  },
};

function card(one) {
  return h(
    'li',
    { class: 'card session', 'data-key': one.id },
    h(
      'div',
      {},
      h('strong', {}, one.browser),
      one.current && [' ', h('span', { class: 'badge done' }, 'this browser')],
      h(
        'p',
        { class: 'quiet' },
        `Signed in ${ago(one.created_at)}, until ${moment(one.expires_at)}`,
      ),
    ),
    !one.current &&
      h(
        'button',
        {
          type: 'button',
          'data-action': 'end',
          'data-id': one.id,
          'aria-label': `Sign out ${one.browser}, signed in ${ago(one.created_at)}`,
        },
        'Sign out',
      ),
  );
}

function words(me, kind) {
  if (kind === 'own') return 'In a terminal of this machine: coffee-roadmap dashboard --sessions';
  const role = [
    me.admin && 'an admin',
    me.manages?.length > 0 && `manager of ${me.manages.join(', ')}`,
  ];
  const rights = role.filter(Boolean).join(', ');
  return [
    `You are ${me.name}${rights === '' ? '' : `, ${rights}`}. A new password ends all of these. `,
    'In a terminal: coffee-roadmap dashboard --sessions',
  ];
}
