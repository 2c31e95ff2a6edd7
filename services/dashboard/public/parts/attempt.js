import { h } from '../element.js';
import { compact, duration, moment, spent } from '../format.js';
import { foldedTrace } from './folded-traces.js';
import { diffWords } from './state.js';

const MOST_TRACES = 6;

/** What one attempt took, cost, changed and said, with its traces; `newest`: the first of them unfolded. */
export function attemptCard(attempt, traces, newest) {
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
    traces.slice(0, MOST_TRACES).map((trace, n) => foldedTrace(trace, newest && n === 0)),
    traces.length > MOST_TRACES &&
      h('p', {}, h('a', { href: '/traces' }, `${traces.length - MOST_TRACES} more traces`)),
    paths.length > 0 &&
      h(
        'details',
        { 'data-key': 'paths' },
        h('summary', {}, 'Files'),
        h(
          'table',
          { class: 'plain-table', 'aria-label': 'Files changed' },
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
