import { h } from '../element.js';

export const missing = {
  name: 'missing',
  title: () => 'Nothing here',
  load: () => Promise.resolve({}),
  view: () =>
    h(
      'section',
      { class: 'empty' },
      h('h1', {}, 'There is nothing here'),
      h('p', {}, h('a', { href: '/' }, 'What happens now')),
    ),
};
