import { get } from '../api.js';
import { save, toCsv } from '../csv.js';
import { h, icon } from '../element.js';
import { count, plural } from '../format.js';
import { chartCard, drawCharts } from '../parts/chart.js';
import { changeSettings, readSettings } from '../phrases/settings.js';
import { byWeek, fillDays, mondayOf, today } from '../phrases/spans.js';
import { welcome } from './welcome.js';

const FIRST = ['absolutely', 'right', 'perfect', 'excellent'];
const SPANS = [
  [30, '30 days'],
  [90, '90 days'],
  [366, 'a year'],
  [0, 'all'],
];

/** How often you were absolutely right: for everybody where the totals are, machines for their person. */
export const phrases = {
  name: 'phrases',
  place: '/phrases',
  topics: ['progress'],
  title: () => 'Phrases',
  async load(_params, search) {
    const shared = await get('/api/phrases').catch(signedOutAs(null));
    const settings = readSettings();
    const mine = search.get('view') === 'machines';
    const machines = mine ? await get('/api/by-workstation').catch(signedOutAs(null)) : null;
    if (shared === null) return { closed: true };
    return withCharts({ ...shared, machines, settings });
  },
  view: (data, { me }) => (data.closed ? welcome.view(null) : page(data, me)),
  drawn(root, data) {
    if (!data.closed) drawCharts(root, data.charts);
  },
  actions: {
    by: (button, context) => change(context, { by: button.dataset.by }),
    span: (button, context) => change(context, { span: Number(button.dataset.span) }),
    toggle(button, context) {
      const { pattern } = button.dataset;
      const { hidden } = context.state.data.settings;
      const rest = hidden.filter((one) => one !== pattern);
      change(context, { hidden: rest.length < hidden.length ? rest : [...hidden, pattern] });
    },
    view: (button, { search }) =>
      search.set('view', button.dataset.view === 'machines' ? 'machines' : null),
    csv({ dataset }, { state }) {
      const { id, days, labels, all } = state.data.charts.find((one) => one.id === dataset.chart);
      const rows = days.map((day, n) => [labels?.[n] ?? day, ...all.map((one) => one.values[n])]);
      const names = all.map((one) => one.pattern);
      save(`${id}.csv`, toCsv([state.data.settings.by, ...names], rows));
    },
    json(_button, { state }) {
      const { machines, history } = state.data;
      save('phrases.json', `${JSON.stringify(machines ?? history, null, 2)}\n`, 'application/json');
    },
  },
};

const signedOutAs = (value) => (error) => {
  if (error.code === 'signed_out') return value;
  throw error;
};

function change({ state, draw }, settings) {
  changeSettings(settings);
  state.data = withCharts({ ...state.data, settings: readSettings() });
  draw();
}

function page(data, me) {
  const { settings, machines, names } = data;
  return [
    h(
      'div',
      { class: 'page-head' },
      h('h1', {}, 'Phrases'),
      h(
        'div',
        { class: 'choices' },
        me?.signed_in &&
          segments('Whose', 'view', machines === null ? 'all' : 'machines', [
            ['all', 'Everybody'],
            ['machines', 'My machines'],
          ]),
        segments('Bars', 'by', settings.by, [
          ['day', 'Days'],
          ['week', 'Weeks'],
        ]),
        segments('How long', 'span', settings.span, SPANS),
      ),
    ),
    headline(data),
    h(
      'div',
      { class: 'toggles', role: 'group', 'aria-label': 'What is shown' },
      [...names, ['', 'All messages']].map(([pattern, name], n) =>
        h(
          'button',
          {
            type: 'button',
            'data-action': 'toggle',
            'data-pattern': pattern,
            'aria-pressed': String(!settings.hidden.includes(pattern)),
          },
          h('span', {
            class: 'swatch',
            style: {
              '--swatch': pattern === '' ? 'var(--grey-soft)' : `var(--series-${(n % 8) + 1})`,
            },
          }),
          name,
        ),
      ),
      h(
        'button',
        { type: 'button', class: 'plain', 'data-action': 'json' },
        icon('download'),
        'JSON',
      ),
    ),
    h('div', { class: 'charts wide' }, data.charts.map(chartCard)),
    h('p', { class: 'quiet' }, 'Days are UTC. Each message counts once for each phrase.'),
  ];
}

const segments = (label, action, chosen, choices) =>
  h(
    'div',
    { class: 'segments', role: 'group', 'aria-label': label },
    choices.map(([value, name]) =>
      h(
        'button',
        {
          type: 'button',
          'data-action': action,
          [`data-${action}`]: value,
          'aria-pressed': String(value === chosen),
        },
        name,
      ),
    ),
  );

/** Today's number of the first phrase, large; then the week, and the others. */
function headline({ history, machines, names }) {
  const days = machines === null ? history : machines.flatMap((machine) => machine.history);
  const [[main, name], ...others] = names;
  const sum = (pattern, from) =>
    days.reduce((all, entry) => all + (entry.day >= from ? (entry[pattern] ?? 0) : 0), 0);
  const now = today();
  const said = others.filter(([pattern]) => sum(pattern, now) > 0);
  return h(
    'section',
    { class: 'card headline', 'aria-label': 'Today' },
    h('p', { class: 'number' }, count(sum(main, now))),
    h('p', { class: 'what' }, `${name} today`),
    h(
      'p',
      { class: 'quiet' },
      [
        `${count(sum(main, mondayOf(now)))} this week`,
        ...said.map(([pattern, words]) => `${words} ${count(sum(pattern, now))}`),
        `of ${plural(sum('total_messages', now), 'message')} today`,
      ].join(' · '),
    ),
  );
}

function withCharts(data) {
  const { patterns, history, machines } = data;
  const known = new Map(patterns.map(({ pattern, display_name }) => [pattern, display_name]));
  const days = machines === null ? history : machines.flatMap((machine) => machine.history);
  const found = new Set([...known.keys(), ...days.flatMap((entry) => Object.keys(entry))]);
  for (const other of ['day', 'total_messages', ...FIRST]) found.delete(other);
  const names = [...FIRST, ...[...found].sort()].map((one) => [one, known.get(one) ?? one]);
  const withNames = { ...data, names };
  const first = days.reduce((least, { day }) => (day < least ? day : least), today());
  const charts =
    machines === null
      ? [chartOf(withNames, { id: 'phrases', title: 'Over everybody', history, first })]
      : machines.map((machine, n) =>
          chartOf(withNames, {
            id: `phrases-${n + 1}`,
            title: machine.workstation_id,
            history: machine.history,
            first,
          }),
        );
  return { ...withNames, charts };
}

function chartOf({ settings, notes, names }, { id, title, history, first }) {
  const filled = fillDays(history, first, settings.span);
  const entries = settings.by === 'week' ? byWeek(filled) : filled;
  const days = entries.map((entry) => entry.day);
  const valuesOf = (pattern) => entries.map((entry) => entry[pattern] ?? 0);
  const all = [...names, ['total_messages', 'All messages']].map(([pattern, name], colour) => ({
    pattern,
    name,
    colour,
    values: valuesOf(pattern),
  }));
  const last = filled.at(-1)?.day ?? '';
  return {
    id,
    title,
    type: 'bar',
    stacked: true,
    format: count,
    whole: true,
    days,
    labels: settings.by === 'week' ? entries.map((entry) => entry.week) : undefined,
    series: all.slice(0, -1).filter(({ pattern }) => !settings.hidden.includes(pattern)),
    behind: settings.hidden.includes('') ? undefined : all.at(-1),
    all,
    marks: notes.flatMap(({ day, note }) => {
      if (day < (filled[0]?.day ?? '') || day > last) return [];
      return { index: days.findLastIndex((one) => one <= day), text: note };
    }),
  };
}
