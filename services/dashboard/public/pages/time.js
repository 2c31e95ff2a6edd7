import { get } from '../api.js';
import { save, toCsv } from '../csv.js';
import { h } from '../element.js';
import { duration, shortDay } from '../format.js';
import { chartCard, drawCharts } from '../parts/chart.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const COLOURS = 8;

/** One's own working time: a day in lanes, its week by tag. Nobody else sees it. */
export const time = {
  name: 'time',
  place: '/time',
  title: () => 'Time',
  async load(_params, search) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
    const day = search.get('day');
    const wanted = day === null ? '' : `&day=${encodeURIComponent(day)}`;
    const data = await get(`/api/time?zone=${encodeURIComponent(zone)}${wanted}`);
    return { ...data, charts: [chartOf(data)] };
  },
  view: (data) => [
    h('div', { class: 'page-head' }, h('h1', {}, 'Time'), days(data)),
    data.stale_days > 0 &&
      h(
        'p',
        { class: 'quiet' },
        `${data.stale_days} days are to be computed: coffee-roadmap recompute`,
      ),
    timeline(data),
    h('div', { class: 'charts' }, data.charts.map(chartCard)),
  ],
  drawn: (root, data) => drawCharts(root, data.charts),
  actions: {
    day: (button, { search }) => search.set('day', button.dataset.day),
    csv(_button, { state }) {
      const [{ days: dates, series }] = state.data.charts;
      const rows = dates.map((day, n) => [day, ...series.map(({ values }) => values[n])]);
      save('coffee-roadmap-time.csv', toCsv(['day', ...series.map(({ name }) => name)], rows));
    },
  },
};

const move = (day, by) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

const days = ({ day, today }) =>
  h(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'Which day' },
    [
      [move(day, -1), '‹', 'The day before'],
      [today, 'Today', 'Today'],
      [move(day, 1), '›', 'The day after'],
    ].map(([to, text, label]) =>
      h(
        'button',
        {
          type: 'button',
          'data-action': 'day',
          'data-day': to,
          'aria-label': label,
          'aria-pressed': String(text === 'Today' && day === today),
        },
        text,
      ),
    ),
  );

function timeline({ day, own, agents, starts_at: from, ends_at: to }) {
  const sum = (list) => {
    const seconds = list.reduce((total, one) => total + one.to - one.from, 0) / 1000;
    return seconds === 0 ? '0 min' : duration(seconds);
  };
  const hours = Math.round((to - from) / HOUR_MS);
  const marks = Array.from({ length: Math.ceil(hours / 3) }, (_, n) => from + 3 * n * HOUR_MS);
  return h(
    'section',
    { class: 'card timeline', 'aria-labelledby': 'timeline-title' },
    h(
      'header',
      {},
      h('h2', { id: 'timeline-title' }, shortDay(day)),
      h('p', { class: 'quiet' }, `${sum(own)} own, ${sum(agents.flat())} agents`),
    ),
    h(
      'div',
      { class: 'hours', 'aria-hidden': 'true' },
      marks.map((at) => h('span', {}, hourOf(at))),
    ),
    lane('You', own, from, to),
    agents.map((list, n) => lane(`Agent ${n + 1}`, list, from, to)),
    own.length + agents.length === 0 && h('p', { class: 'quiet nothing' }, 'Nothing on this day.'),
    h('ul', { class: 'legend' }, legend([...own, ...agents.flat()])),
  );
}

const lane = (name, list, from, to) =>
  h(
    'div',
    { class: 'lane', role: 'list', 'aria-label': name },
    h('span', { class: 'lane-name', 'aria-hidden': 'true' }, name),
    h(
      'div',
      { class: 'track' },
      list.map((one) =>
        h('span', {
          class: ['span', one.stream === null && 'unassigned'],
          role: 'listitem',
          title: wordsOf(one),
          'aria-label': wordsOf(one),
          style: {
            left: `${(100 * (one.from - from)) / (to - from)}%`,
            width: `${(100 * (one.to - one.from)) / (to - from)}%`,
            ...(one.stream === null ? {} : { background: colourOf(one.stream) }),
          },
        }),
      ),
    ),
  );

const hourOf = (at) =>
  new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
const nameOf = ({ name, stream, machine }) =>
  stream === null ? '(unassigned)' : machine === null ? (name ?? stream) : `${name} on ${machine}`;
const wordsOf = (one) =>
  `${hourOf(one.from)} to ${hourOf(one.to)}, ${nameOf(one)}${one.issue === null ? '' : `, ${one.issue}`}`;
const colourOf = (stream) => `var(--series-${(Number(stream) % COLOURS) + 1})`;

function legend(list) {
  const named = new Map(list.map((one) => [one.stream, one]));
  return [...named.values()].map((one) =>
    h(
      'li',
      {},
      h('span', {
        class: ['swatch', one.stream === null && 'unassigned'],
        style: one.stream === null ? {} : { background: colourOf(one.stream) },
      }),
      nameOf(one),
    ),
  );
}

const chartOf = ({ week, by_tag: { days: dates, tags } }) => ({
  id: 'time-by-tag',
  title: `Week ${week} by tag`,
  note: 'Own time; a stream with several tags counts under each',
  type: 'bar',
  stacked: true,
  format: (hours) => duration(hours * 3600),
  days: dates,
  series: tags.map(({ name, hours }) => ({ name, values: hours })),
});
