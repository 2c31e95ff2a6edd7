import { h, icon } from '../element.js';
import { duration, shortDay } from '../format.js';
import { backdrop, backdropScale, marksAt, marksPlugin } from './chart-marks.js';

const charts = new Map();

/**
 * A chart with its table and its CSV. `chart`: {id, title, note, days, series: [{name, values}], type:
 * bar or line, stacked, format, whole}. Values are numbers, one for each day; null: none. `labels`: what
 * stands for the days where that is no date; `marks`: [{index, text}]; `behind`: {name, values}, drawn in
 * grey behind with a scale of its own. A series may say its `colour`, counted from 0.
 */
export function chartCard(chart) {
  const { id, title, note, days, labels, format } = chart;
  const series = chart.behind ? [...chart.series, chart.behind] : chart.series;
  const empty = series.every((one) => one.values.every((value) => !value));
  return h(
    'section',
    { class: 'card chart', 'data-key': `chart-${id}`, 'aria-labelledby': `title-${id}` },
    h(
      'header',
      {},
      h('h2', { id: `title-${id}` }, title),
      h(
        'button',
        {
          type: 'button',
          class: 'plain',
          'data-action': 'csv',
          'data-chart': id,
          'aria-label': `${title} as CSV`,
        },
        icon('download'),
        'CSV',
      ),
    ),
    note && h('p', { class: 'quiet' }, note),
    empty
      ? h('p', { class: 'quiet nothing' }, 'Nothing in these days.')
      : h(
          'div',
          { class: 'canvas', 'data-keep': true, 'data-key': `canvas-${id}` },
          h('canvas', {
            id: `canvas-${id}`,
            role: 'img',
            'aria-label': `${title}; the table below has the numbers`,
          }),
        ),
    !empty &&
      h(
        'details',
        { 'data-key': `table-${id}` },
        h('summary', {}, 'Table'),
        h(
          'div',
          { class: 'scroll' },
          h(
            'table',
            { 'aria-labelledby': `title-${id}` },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                h('th', { scope: 'col' }, labels ? 'Week' : 'Day'),
                series.map((one) => h('th', { scope: 'col', class: 'num' }, one.name)),
              ),
            ),
            h(
              'tbody',
              {},
              days.map((day, n) =>
                series.some((one) => one.values[n])
                  ? h(
                      'tr',
                      { 'data-key': day },
                      h('th', { scope: 'row' }, labels?.[n] ?? shortDay(day)),
                      series.map((one) =>
                        h(
                          'td',
                          { class: 'num' },
                          one.values[n] === null ? '–' : format(one.values[n]),
                        ),
                      ),
                    )
                  : null,
              ),
            ),
          ),
        ),
      ),
  );
}

/** Draws, or brings up to date, the charts whose cards are there. */
export function drawCharts(root, list) {
  useFont(root);
  // As they are drawn, light or dark: of a variable itself only its text could be read.
  const probe = h('span', { hidden: true });
  root.append(probe);
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  for (const [id, { canvas, instance }] of charts) {
    if (canvas.isConnected) continue;
    instance.destroy();
    charts.delete(id);
  }
  for (const chart of list) {
    const canvas = root.querySelector(`#canvas-${chart.id}`);
    if (canvas === null) continue;
    const config = configOf(chart, colour);
    const known = charts.get(chart.id);
    if (known === undefined) {
      charts.set(chart.id, { canvas, instance: new window.Chart(canvas, config) });
      continue;
    }
    known.instance.data = config.data;
    known.instance.options = config.options;
    known.instance.update('none');
  }
  probe.remove();
}

function useFont(root) {
  window.Chart.defaults.font.family = getComputedStyle(root).fontFamily;
}

const COLOURS = 8;

/** Steps of time that people count in, in seconds. */
const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400,
];

/** Undefined, so that Chart.js chooses, for what is no time or longer than days. */
function stepOf({ series, format }) {
  if (format !== duration) return undefined;
  const most = Math.max(...series.flatMap((one) => one.values.map((value) => value ?? 0)));
  return TIME_STEPS.find((step) => most / step <= 5);
}

function configOf(chart, colour) {
  const { days, labels, series, type, stacked, format, whole, behind, marks } = chart;
  return {
    type,
    plugins: [marksPlugin],
    data: {
      labels: labels ?? days.map(shortDay),
      datasets: [
        ...series.map((one, n) => ({
          label: one.name,
          data: one.values,
          backgroundColor: colour(`--series-${((one.colour ?? n) % COLOURS) + 1}`),
          borderColor: colour(`--series-${((one.colour ?? n) % COLOURS) + 1}`),
          borderWidth: type === 'line' ? 2 : 0,
          borderRadius: 3,
          maxBarThickness: 28,
          pointRadius: 2,
          tension: 0.25,
          spanGaps: true,
          order: 1,
        })),
        ...(behind ? [backdrop(behind, colour)] : []),
      ],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: 'index', intersect: false },
      plugins: {
        legend: {
          display: series.length > 1,
          position: 'bottom',
          labels: {
            color: colour('--text'),
            boxWidth: 10,
            boxHeight: 10,
            useBorderRadius: true,
            borderRadius: 5,
          },
        },
        marks: { list: marks ?? [], line: colour('--quiet'), text: colour('--text') },
        tooltip: {
          callbacks: {
            label: ({ dataset, parsed }) => ` ${dataset.label}: ${format(parsed.y)}`,
            footer: ([first]) => marksAt(marks, first?.dataIndex),
          },
        },
      },
      scales: {
        x: {
          stacked,
          grid: { display: false },
          ticks: { color: colour('--quiet'), maxRotation: 0, autoSkipPadding: 16 },
          border: { color: colour('--line') },
        },
        y: {
          stacked,
          beginAtZero: true,
          grid: { color: colour('--line') },
          ticks: {
            color: colour('--quiet'),
            callback: (value) => (value === 0 ? '0' : format(value)),
            maxTicksLimit: 6,
            stepSize: stepOf(chart),
            precision: whole ? 0 : undefined,
          },
          border: { display: false },
        },
        ...(behind ? { behind: backdropScale(colour) } : {}),
      },
    },
  };
}
