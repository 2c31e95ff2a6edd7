import { get } from '../api.js';
import { save, toCsv } from '../csv.js';
import { h } from '../element.js';
import { compact, count, duration, money, percent, plural } from '../format.js';
import { chartCard, drawCharts } from '../parts/chart.js';

const RANGES = [7, 30, 90, 365];

/** What it cost and took, day by day in the browser's time zone. */
export const analytics = {
  name: 'analytics',
  place: '/analytics',
  topics: ['roadmap'],
  title: () => 'Analytics',
  async load(_params, search) {
    const days = RANGES.find((one) => String(one) === search.get('days')) ?? 30;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
    const data = await get(`/api/analytics?days=${days}&zone=${encodeURIComponent(zone)}`);
    return { ...data, range: days, charts: chartsOf(data) };
  },
  view: (data) => [
    h('div', { class: 'page-head' }, h('h1', {}, 'Analytics'), ranges(data.range)),
    tiles(data),
    h('div', { class: 'charts' }, data.charts.map(chartCard)),
  ],
  drawn: (root, data) => drawCharts(root, data.charts),
  actions: {
    range: (button, { search }) => search.set('days', button.dataset.days),
    csv({ dataset }, { state }) {
      const { id, days, series } = state.data.charts.find((one) => one.id === dataset.chart);
      const rows = days.map((day, n) => [day, ...series.map((one) => one.values[n])]);
      save(`coffee-roadmap-${id}.csv`, toCsv(['day', ...series.map((one) => one.name)], rows));
    },
  },
};

const ranges = (range) =>
  h(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'How many days' },
    RANGES.map((days) =>
      h(
        'button',
        {
          type: 'button',
          'data-action': 'range',
          'data-days': days,
          'aria-pressed': String(days === range),
        },
        days === 365 ? 'a year' : `${days} days`,
      ),
    ),
  );

const sum = (rows, of) => rows.reduce((total, row) => total + Number(of(row) ?? 0), 0);

function tiles({ spend, done, waiting }) {
  const cached = sum(spend, (row) => row.cache_read_tokens);
  const read = cached + sum(spend, (row) => row.input_tokens + row.cache_write_tokens);
  const cost = sum(spend, (row) => row.cost_usd);
  const items = sum(done, (row) => row.items);
  const asked = sum(waiting, (row) => row.asked);
  return h(
    'div',
    { class: 'tiles' },
    tile(
      'Cost',
      money(cost),
      plural(
        sum(spend, (row) => row.attempts),
        'attempt',
      ),
    ),
    tile('Done', count(items), items > 0 ? `${money(cost / items)} each` : 'priorities'),
    tile('From cache', percent(cached, read), `of ${compact(read)} tokens read`),
    tile(
      'Questions',
      count(asked),
      `${count(sum(waiting, (row) => row.answered))} answered by people`,
    ),
  );
}

const tile = (name, value, note) =>
  h(
    'div',
    { class: 'tile' },
    h('span', { class: 'name' }, name),
    h('span', { class: 'value' }, value),
    h('span', { class: 'quiet' }, note),
  );

const KINDS = [
  ['input_tokens', 'Input'],
  ['output_tokens', 'Output'],
  ['cache_read_tokens', 'Cache read'],
  ['cache_write_tokens', 'Cache write'],
];
const MOST_SERIES = 8;

function chartsOf(data) {
  const { days, spend, models, done, waiting } = data;
  const perDay = (rows, of) =>
    days.map((day) =>
      sum(
        rows.filter((row) => row.day === day),
        of,
      ),
    );
  const found = (rows, of) => days.map((day) => of(rows.find((row) => row.day === day)) ?? null);
  return [
    {
      id: 'cost-by-project',
      title: 'Cost by project',
      type: 'bar',
      stacked: true,
      format: money,
      days,
      series: grouped(
        days,
        spend,
        (row) => row.project,
        (row) => row.cost_usd,
      ),
    },
    {
      id: 'cost-by-model',
      title: 'Cost by model',
      note: modelNote(models),
      type: 'bar',
      stacked: true,
      format: money,
      days,
      series: grouped(
        days,
        models,
        (row) => row.model,
        (row) => row.cost_usd,
      ),
    },
    {
      id: 'tokens',
      title: 'Tokens by kind',
      type: 'bar',
      stacked: true,
      format: compact,
      days,
      series: KINDS.map(([key, name]) => ({ name, values: perDay(spend, (row) => row[key]) })),
    },
    {
      id: 'cache-rate',
      title: 'Read from cache',
      note: 'Part of all tokens that were read',
      type: 'line',
      format: (value) => `${Math.round(value)} %`,
      days,
      series: [
        {
          name: 'Cache rate',
          values: days.map((day) => rate(spend.filter((row) => row.day === day))),
        },
      ],
    },
    {
      id: 'time-to-done',
      title: 'Time to done',
      note: 'Half took less, from the first claim until accepted and merged',
      type: 'line',
      format: duration,
      days,
      series: [{ name: 'Median', values: found(done, (row) => row?.median_s) }],
    },
    {
      id: 'done',
      title: 'Priorities done',
      type: 'bar',
      format: count,
      whole: true,
      days,
      series: [{ name: 'Done', values: perDay(done, (row) => row.items) }],
    },
    {
      id: 'waiting',
      title: 'Waiting on people',
      note: 'Half of the answered questions waited less',
      type: 'line',
      format: duration,
      days,
      series: [{ name: 'Median wait', values: found(waiting, (row) => row?.median_s) }],
    },
    {
      id: 'questions',
      title: 'Questions',
      type: 'bar',
      format: count,
      whole: true,
      days,
      series: [
        { name: 'Asked', values: perDay(waiting, (row) => row.asked) },
        { name: 'Answered', values: perDay(waiting, (row) => row.answered) },
      ],
    },
  ];
}

/** Nobody's price is guessed: what is left out is said. */
function modelNote(models) {
  const unpriced = sum(models, (row) => row.unpriced_calls);
  return `As traces report it${unpriced > 0 ? `; ${plural(unpriced, 'call')} of unknown price left out` : ''}`;
}

function rate(rows) {
  const cached = sum(rows, (row) => row.cache_read_tokens);
  const all = cached + sum(rows, (row) => row.input_tokens + row.cache_write_tokens);
  return all > 0 ? (cached / all) * 100 : null;
}

/** A series for each of the largest, and one for the rest. */
function grouped(days, rows, nameOf, valueOf) {
  const totals = new Map();
  for (const row of rows)
    totals.set(nameOf(row), (totals.get(nameOf(row)) ?? 0) + Number(valueOf(row)));
  const names = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const own = names.length > MOST_SERIES ? names.slice(0, MOST_SERIES - 1) : names;
  const series = own.map((name) => ({ name, rows: rows.filter((row) => nameOf(row) === name) }));
  if (own.length < names.length) {
    series.push({ name: 'others', rows: rows.filter((row) => !own.includes(nameOf(row))) });
  }
  return series.map(({ name, rows: mine }) => ({
    name,
    values: days.map((day) =>
      sum(
        mine.filter((row) => row.day === day),
        valueOf,
      ),
    ),
  }));
}
