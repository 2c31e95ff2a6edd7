import { get } from '../api.js';
import { h } from '../element.js';
import { ago, clock, compact, duration, moment, spent } from '../format.js';
import { answeredLine, questionActions, questionCard } from '../parts/question.js';
import { diffWords, stateBadge } from '../parts/state.js';
import { decide, itemActions } from './roadmap.js';

const MOST_TRACES = 6;

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

function attempts({ attempts: list, traces }) {
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
              traces.filter((trace) => trace.attempt_id === attempt.id),
            ),
          ),
        ),
  );
}

function attemptCard(attempt, traces) {
  const ended = attempt.ended_at === null ? Date.now() : new Date(attempt.ended_at).getTime();
  const tokens =
    attempt.input_tokens +
    attempt.output_tokens +
    attempt.cache_read_tokens +
    attempt.cache_write_tokens;
  const paths = attempt.diff_stat?.paths ?? [];
  return h(
    'article',
    { class: 'card attempt', 'data-key': `attempt-${attempt.id}` },
    h(
      'header',
      {},
      h('h3', {}, `Attempt ${attempt.attempt}`),
      h(
        'span',
        { class: ['badge', attempt.outcome ?? 'in_progress'] },
        (attempt.outcome ?? 'running').replaceAll('_', ' '),
      ),
      h('span', { class: 'quiet' }, moment(attempt.started_at)),
    ),
    h(
      'dl',
      { class: 'facts-list' },
      fact('Took', duration((ended - new Date(attempt.started_at).getTime()) / 1000)),
      fact('Cost', spent(attempt)),
      fact('Tokens', compact(tokens)),
      fact('Agent', attempt.agent),
      attempt.takeovers > 0 && fact('Taken over', `${attempt.takeovers}×`),
      attempt.diff_stat &&
        h('div', {}, h('dt', {}, 'Changed'), h('dd', {}, diffWords(attempt.diff_stat))),
    ),
    attempt.reason && h('p', { class: 'text' }, attempt.reason),
    traces.length > 0 &&
      h(
        'p',
        { class: 'facts' },
        traces.slice(0, MOST_TRACES).map((trace) =>
          h(
            'a',
            {
              class: 'button',
              href: `/traces/${trace.project_id}/${encodeURIComponent(trace.id)}`,
            },
            `Trace: ${trace.observations} steps`,
          ),
        ),
        traces.length > MOST_TRACES &&
          h('a', { href: '/traces' }, `${traces.length - MOST_TRACES} more`),
      ),
    paths.length > 0 &&
      h(
        'details',
        { 'data-key': 'paths' },
        h('summary', {}, 'Files'),
        h(
          'table',
          { class: 'plain-table' },
          h(
            'tbody',
            {},
            paths.map((one) =>
              h(
                'tr',
                {},
                h('td', {}, h('code', {}, one.path)),
                h('td', { class: 'num plus' }, `+${one.added}`),
                h('td', { class: 'num minus' }, `−${one.deleted}`),
              ),
            ),
          ),
        ),
      ),
    attempt.last_output &&
      h(
        'details',
        { 'data-key': 'output' },
        h('summary', {}, 'Last words of the agent'),
        h('pre', { class: 'text' }, attempt.last_output),
      ),
  );
}

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

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
