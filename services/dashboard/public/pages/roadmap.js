import { get, post } from '../api.js';
import { h } from '../element.js';
import { duration, plural, spent, STATE_NAMES } from '../format.js';
import { askText } from '../parts/dialog.js';

const COLUMNS = ['planned', 'in_progress', 'in_review', 'done', 'blocked'];
const SHOWN = 30;

/** The items of a project, by state. */
export const roadmap = {
  name: 'roadmap',
  place: '/roadmap',
  topics: ['roadmap', 'notifications', 'progress'],
  title: () => 'Roadmap',
  load(_params, search) {
    const project = search.get('project');
    return get(`/api/roadmap${project === null ? '' : `?project=${encodeURIComponent(project)}`}`);
  },
  view(data, { search }) {
    if (data.project === null) {
      return h(
        'section',
        { class: 'empty' },
        h('h1', {}, 'No project yet'),
        h('p', {}, 'coffee-roadmap projects add NAME PATH_OR_URL adds one.'),
      );
    }
    const all = search.get('all');
    return [
      h(
        'div',
        { class: 'page-head' },
        h('h1', {}, 'Roadmap'),
        data.projects.length > 1 && chooser(data),
      ),
      h(
        'div',
        { class: 'board' },
        COLUMNS.map((state) =>
          column(
            state,
            data.items.filter((one) => one.state === state),
            all === state,
          ),
        ),
      ),
    ];
  },
  actions: {
    project: (select, { search }) => search.set('project', select.value),
    all: (button, { search }) => search.set('all', button.dataset.state),
    ...itemActions(),
  },
};

function chooser({ projects, project }) {
  return h(
    'select',
    { 'data-action': 'project', 'aria-label': 'Project' },
    projects.map((one) => h('option', { value: one.id, selected: one.id === project }, one.name)),
  );
}

function column(state, items, all) {
  const done = state === 'done';
  const sorted = done ? [...items].reverse() : items;
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  return h(
    'section',
    { class: ['column', state], 'aria-labelledby': `column-${state}`, 'data-key': state },
    h(
      'h2',
      { id: `column-${state}` },
      STATE_NAMES[state],
      h('span', { class: 'count' }, ` ${items.length}`),
    ),
    h('ul', {}, shown.map(card)),
    items.length === 0 && h('p', { class: 'quiet' }, 'None'),
    shown.length < items.length &&
      h(
        'button',
        { type: 'button', class: 'plain', 'data-action': 'all', 'data-state': state },
        `${items.length - shown.length} more`,
      ),
  );
}

function card(item) {
  const facts = [
    item.attempts > 0 && plural(item.attempts, 'attempt'),
    item.worked_s > 0 && duration(item.worked_s),
    Number(item.cost_usd) > 0 && spent(item),
  ].filter(Boolean);
  return h(
    'li',
    { class: 'item', 'data-key': `item-${item.id}` },
    h(
      'a',
      { href: `/items/${item.id}` },
      h('span', { class: 'number' }, item.number),
      ' ',
      item.title,
    ),
    h('span', { class: 'facts quiet' }, facts.join(' · ')),
    item.open_questions > 0 &&
      h('a', { href: '/', class: 'badge waiting' }, plural(item.open_questions, 'question')),
    item.accepted_at !== null &&
      item.state === 'in_review' &&
      h(
        'span',
        { class: 'badge in_review' },
        `accepted by ${item.accepted_by_name ?? 'somebody'}, merging`,
      ),
    item.state === 'in_review' && item.accepted_at === null && decide(item),
  );
}

/** Accept or reopen work that is under review. */
export function decide({ id, number, commit_hash: commit }) {
  return h(
    'div',
    { class: 'decide' },
    h(
      'button',
      {
        type: 'button',
        class: 'primary',
        'data-action': 'accept',
        'data-id': id,
        'data-commit': commit ?? '',
        'aria-label': `Accept ${number}`,
      },
      'Accept',
    ),
    h(
      'button',
      {
        type: 'button',
        'data-action': 'reopen',
        'data-id': id,
        'data-number': number,
        'aria-label': `Reopen ${number}`,
      },
      'Reopen …',
    ),
  );
}

export function itemActions() {
  return {
    async accept({ dataset }, { refresh, toast }) {
      const item = await post(`/api/items/${dataset.id}/accept`, { commit: dataset.commit });
      toast(
        item.state === 'done' ? 'Accepted: it is done.' : 'Accepted: a daemon merges it.',
        'good',
      );
      await refresh();
    },
    async reopen({ dataset }, { refresh, toast }) {
      const comment = await askText({
        title: `Reopen ${dataset.number}`,
        text: 'What should be different? It goes into the next attempt.',
        action: 'Reopen',
      });
      if (comment === undefined) return;
      await post(`/api/items/${dataset.id}/reopen`, { comment });
      toast('Planned again.', 'good');
      await refresh();
    },
    async retry({ dataset }, { refresh, toast }) {
      await post(`/api/items/${dataset.id}/retry`);
      toast('Planned again, its tries counted from nothing.', 'good');
      await refresh();
    },
    async stop({ dataset }, { refresh, toast }) {
      await post(`/api/items/${dataset.id}/stop`);
      toast('The attempt ends.', 'good');
      await refresh();
    },
  };
}
