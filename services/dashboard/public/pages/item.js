import { get } from '../api.js';
import { h } from '../element.js';
import { ago, clock, moment } from '../format.js';
import { attemptCard } from '../parts/attempt.js';
import { createFoldedTraces } from '../parts/folded-traces.js';
import { answeredLine, questionActions, questionCard } from '../parts/question.js';
import { stateBadge } from '../parts/state.js';
import { decide, itemActions } from './roadmap.js';

const traces = createFoldedTraces();

/** One priority: what it is, what was tried, asked and changed. */
export const item = {
  name: 'item',
  place: '/roadmap',
  topics: ['roadmap', 'notifications', 'progress'],
  ages: true,
  title: (data) => (data === undefined ? 'Priority' : `${data.item.number} ${data.item.title}`),
  load: ({ id }) => get(`/api/items/${id}`),
  view: (data) => [
    head(data.item),
    h(
      'div',
      { class: 'columns' },
      h('div', { class: 'main-column' }, open(data), body(data.item), attempts(data), steps(data)),
      h('div', { class: 'side-column' }, questions(data), history(data)),
    ),
  ],
  drawn: traces.drawn,
  left: traces.left,
  actions: { ...questionActions, ...itemActions() },
};

function head(one) {
  return h(
    'div',
    { class: 'page-head item-head' },
    h(
      'div',
      {},
      h(
        'p',
        { class: 'quiet' },
        h('a', { href: `/roadmap?project=${one.project_id}` }, one.project),
        ` / ${one.number}`,
      ),
      h('h1', {}, one.title),
    ),
    h(
      'div',
      { class: 'facts' },
      stateBadge(one.state, one.accepted_at !== null),
      one.state === 'in_review' && one.accepted_at === null && decide(one),
      one.state === 'in_progress' &&
        h('button', { type: 'button', 'data-action': 'stop', 'data-id': one.id }, 'Stop'),
      one.state === 'blocked' &&
        h(
          'button',
          { type: 'button', class: 'primary', 'data-action': 'retry', 'data-id': one.id },
          'Try again',
        ),
      one.state === 'done' &&
        h(
          'button',
          { type: 'button', 'data-action': 'reopen', 'data-id': one.id, 'data-number': one.number },
          'Reopen …',
        ),
    ),
  );
}

const open = ({ notifications }) => {
  const waiting = notifications.filter((note) => note.state === 'pending');
  return (
    waiting.length > 0 &&
    h(
      'section',
      { 'aria-label': 'Open questions', 'data-key': 'open' },
      h('div', { class: 'stack' }, waiting.map(questionCard)),
    )
  );
};

function body(one) {
  return h(
    'section',
    { class: 'card', 'data-key': 'body', 'aria-label': 'What is to be done' },
    one.body.trim() === ''
      ? h('p', { class: 'quiet' }, 'No more than its title.')
      : h('div', { class: 'text' }, one.body),
    one.feedback &&
      h('div', { class: 'feedback' }, h('strong', {}, 'Reopened with: '), one.feedback),
    one.branch &&
      h(
        'p',
        { class: 'quiet' },
        'Branch ',
        h('code', {}, one.branch),
        one.commit_hash && [' at ', h('code', {}, one.commit_hash.slice(0, 10))],
      ),
  );
}

function attempts({ attempts: list, traces: all }) {
  const newest = Math.max(...list.map(({ attempt }) => attempt));
  return h(
    'section',
    { 'aria-labelledby': 'attempts', 'data-key': 'attempts' },
    h('h2', { id: 'attempts' }, 'Attempts'),
    list.length === 0
      ? h('p', { class: 'quiet' }, 'No daemon has taken it yet.')
      : h(
          'div',
          { class: 'stack' },
          list.map((attempt) =>
            attemptCard(
              attempt,
              all.filter((trace) => trace.attempt_id === attempt.id),
              attempt.attempt === newest,
            ),
          ),
        ),
  );
}

function steps({ steps: list }) {
  return (
    list.length > 0 &&
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'steps', 'data-key': 'steps' },
      h('h2', { id: 'steps' }, 'Steps'),
      h(
        'ol',
        { class: 'steps' },
        list.map((step) =>
          h(
            'li',
            { 'data-key': `step-${step.step}` },
            h('time', { datetime: step.at }, clock(step.at)),
            h('span', { class: ['kind', step.kind] }, step.kind.replaceAll('_', ' ')),
            h('span', { class: 'summary' }, step.summary),
          ),
        ),
      ),
    )
  );
}

function questions({ notifications }) {
  const asked = notifications.filter((note) => note.state !== 'pending');
  return (
    asked.length > 0 &&
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'asked', 'data-key': 'asked' },
      h('h2', { id: 'asked' }, 'Asked and said'),
      h(
        'ul',
        { class: 'lines' },
        asked.map((note) =>
          h(
            'li',
            { 'data-key': `note-${note.id}` },
            h('span', { class: ['note', note.kind] }, note.title),
            h(
              'span',
              { class: 'facts' },
              note.kind === 'question' ? answeredLine(note) : null,
              h('span', { class: 'quiet' }, ago(note.answered_at ?? note.created_at)),
            ),
          ),
        ),
      ),
    )
  );
}

function history({ history: list }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'history', 'data-key': 'history' },
    h('h2', { id: 'history' }, 'History'),
    h(
      'ol',
      { class: 'lines' },
      [...list]
        .reverse()
        .map((entry) =>
          h(
            'li',
            { 'data-key': `change-${entry.id}` },
            h(
              'span',
              {},
              h('strong', {}, entry.changed_by_name),
              ` · ${entry.change}`,
              entry.after?.state && [' → ', stateBadge(entry.after.state)],
            ),
            entry.reason && h('span', { class: 'text' }, entry.reason),
            h('span', { class: 'quiet' }, moment(entry.changed_at)),
          ),
        ),
    ),
  );
}
