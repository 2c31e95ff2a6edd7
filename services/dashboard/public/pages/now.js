import { get, post } from '../api.js';
import { h, icon } from '../element.js';
import { ago, clock, money, plural, spent } from '../format.js';
import { answeredLine, questionActions, questionCard } from '../parts/question.js';
import { diffWords, stateBadge } from '../parts/state.js';

/** What happens at this moment, and what waits for a person. */
export const now = {
  name: 'now',
  place: '/',
  topics: ['notifications', 'progress', 'control', 'roadmap'],
  ages: true,
  title: () => 'Now',
  badge: (data) => (data.questions.length > 0 ? `(${data.questions.length}) ` : ''),
  load: () => get('/api/now'),
  view: (data) => [
    h('h1', { class: 'hidden' }, 'Now'),
    h(
      'div',
      { class: 'columns' },
      h('div', { class: 'main-column' }, questions(data), daemons(data)),
      h('div', { class: 'side-column' }, today(data), completions(data), told(data)),
    ),
  ],
  actions: {
    ...questionActions,
    async pause(button, { refresh, toast }) {
      const paused = button.dataset.paused === 'false';
      await post('/api/daemons/pause', { name: button.dataset.name, paused });
      toast(paused ? 'It takes nothing new until it is resumed.' : 'It goes on.', 'good');
      await refresh();
    },
  },
};

function questions({ questions: list }) {
  return h(
    'section',
    { 'aria-labelledby': 'questions', 'data-key': 'questions' },
    h(
      'h2',
      { id: 'questions' },
      list.length === 0 ? 'No question waits' : `${plural(list.length, 'question')} for you`,
    ),
    list.length === 0
      ? h('p', { class: 'quiet' }, 'When a daemon or an agent needs a person, it shows here.')
      : h('div', { class: 'stack' }, list.map(questionCard)),
  );
}

function daemons({ daemons: list }) {
  return h(
    'section',
    { 'aria-labelledby': 'daemons', 'data-key': 'daemons' },
    h('h2', { id: 'daemons' }, 'Daemons'),
    list.length === 0
      ? h('p', { class: 'quiet' }, 'None has reported yet. npm start brings one up.')
      : h('div', { class: 'stack' }, list.map(daemonCard)),
  );
}

const DOING = {
  starting: 'starting',
  idle: 'waits for work',
  working: 'works',
  waiting: 'waits for an answer',
  paused: 'paused',
  stopped: 'stopped',
};

function daemonCard(daemon) {
  const { name, live, state, number, title, paused_at: pausedAt } = daemon;
  const paused = pausedAt !== null;
  const shown = !live ? 'away' : paused && state !== 'working' ? 'paused' : state;
  return h(
    'article',
    { class: ['card', 'daemon', shown], 'data-key': `daemon-${daemon.daemon_id}` },
    h(
      'header',
      {},
      h('span', { class: ['pulse', shown] }),
      h('h3', {}, name),
      h(
        'span',
        { class: 'quiet' },
        live
          ? paused
            ? `paused by ${daemon.paused_by_name ?? 'somebody'}`
            : DOING[state]
          : `last heard ${ago(daemon.heartbeat_at)}`,
      ),
      h(
        'button',
        {
          type: 'button',
          'data-action': 'pause',
          'data-name': name,
          'data-paused': String(paused),
          'aria-label': `${paused ? 'Resume' : 'Pause'} ${name}`,
        },
        icon(paused ? 'play' : 'pause'),
        paused ? 'Resume' : 'Pause',
      ),
    ),
    number !== null &&
      h(
        'p',
        { class: 'task' },
        h('a', { href: `/items/${daemon.item_id}` }, `${daemon.project} / ${number} ${title}`),
        daemon.attempt !== null && h('span', { class: 'quiet' }, ` attempt ${daemon.attempt}`),
      ),
    daemon.note && h('p', { class: 'quiet' }, daemon.note),
    daemon.steps.length > 0 &&
      h(
        'ol',
        { class: 'steps', 'aria-label': `Last steps of ${name}` },
        daemon.steps.map((step) =>
          h(
            'li',
            { 'data-key': `step-${step.step}` },
            h('time', { datetime: step.at }, clock(step.at)),
            h('span', { class: ['kind', step.kind] }, step.kind.replaceAll('_', ' ')),
            h('span', { class: 'summary' }, step.summary),
          ),
        ),
      ),
  );
}

function today({ projects }) {
  const spent = projects.reduce((sum, project) => sum + Number(project.spent_today_usd), 0);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'today', 'data-key': 'today' },
    h('h2', { id: 'today' }, 'Spent today'),
    h('p', { class: 'big' }, money(spent)),
    h(
      'ul',
      { class: 'lines' },
      projects.map((project) => {
        const budget = project.budget_day_usd === null ? null : Number(project.budget_day_usd);
        const part = budget ? Math.min(1, Number(project.spent_today_usd) / budget) : 0;
        return h(
          'li',
          { 'data-key': project.id },
          h('a', { href: `/roadmap?project=${project.id}` }, project.name),
          h(
            'span',
            { class: 'amount' },
            money(project.spent_today_usd),
            budget !== null && h('span', { class: 'quiet' }, ` of ${money(budget)}`),
          ),
          budget !== null &&
            h(
              'span',
              {
                class: ['meter', part >= 0.9 && 'full'],
                role: 'img',
                'aria-label': `${Math.round(part * 100)} % of the day’s budget`,
              },
              h('span', { style: { width: `${part * 100}%` } }),
            ),
        );
      }),
    ),
    h('p', { class: 'quiet' }, 'Since midnight UTC, as budgets count it.'),
  );
}

function completions({ completions: list }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'completions', 'data-key': 'completions' },
    h('h2', { id: 'completions' }, 'Last results'),
    list.length === 0
      ? h('p', { class: 'quiet' }, 'Nothing is finished yet.')
      : h(
          'ul',
          { class: 'lines' },
          list.map((one) =>
            h(
              'li',
              { 'data-key': `done-${one.item_id}` },
              h('a', { href: `/items/${one.item_id}` }, `${one.number} ${one.title}`),
              h(
                'span',
                { class: 'facts' },
                stateBadge(one.state),
                diffWords(one.diff_stat),
                h('span', {}, spent(one)),
                h('span', { class: 'quiet' }, ago(one.at)),
              ),
            ),
          ),
        ),
  );
}

/** What was said and answered lately: who came second sees here who was first. */
function told({ told: list }) {
  const shown = list.filter((note) => note.state !== 'pending').slice(0, 8);
  if (shown.length === 0) return null;
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'told', 'data-key': 'told' },
    h('h2', { id: 'told' }, 'Said lately'),
    h(
      'ul',
      { class: 'lines' },
      shown.map((note) =>
        h(
          'li',
          { 'data-key': `note-${note.id}` },
          h('span', { class: ['note', note.kind] }, note.title),
          h(
            'span',
            { class: 'facts' },
            note.kind === 'question'
              ? answeredLine(note)
              : h('span', { class: 'quiet' }, note.kind),
            h('span', { class: 'quiet' }, ago(note.answered_at ?? note.created_at)),
          ),
        ),
      ),
    ),
  );
}
