import { h } from '../element.js';
import { percent } from '../format.js';

const hours = (seconds) => (Math.round(seconds / 36) / 100).toFixed(2);
const rate = (perHour) => perHour?.replace(/(\.\d{2}\d*?)0+$/, '$1') ?? '?';
const timed = (line) => line.kind !== 'ai';
const modelCost = ({ cost_usd: usd, markup_percent: markup }) =>
  `${usd} USD${Number(markup) > 0 ? ` + ${markup} %` : ''}`;
/** Name, text of a line, class. Titles go by the issue's id; a file has ids alone, because titles change. */
export const COLUMNS = [
  ['Person', (line) => line.person],
  [
    'What',
    (line, titles) =>
      [line.issue, titles[line.issue], line.model, line.kind === 'delegated' && 'agents']
        .filter(Boolean)
        .join(' '),
  ],
  ['Measured h', (line) => (timed(line) ? hours(line.measured_seconds) : ''), 'num'],
  ['Billed h', (line) => (timed(line) ? hours(line.billed_seconds) : ''), 'num'],
  ['Rate', (line) => (timed(line) ? rate(line.per_hour) : modelCost(line)), 'num'],
  ['Amount', (line) => line.amount ?? '?', 'num'],
];

/** A project's lines of a month; its client's bill, and the rate at which its models are converted. */
export function billedProject(billed, titles) {
  const { client, project, currency, rounding, total, budget, lines, bill, exchange } = billed;
  const notes = [
    client !== '' && `for ${client}`,
    rounding !== 'none' && `rounded ${rounding}`,
    budget !== null &&
      `${percent(Number(total), Number(budget))} of the month’s ${budget} ${currency}`,
    bill !== null && `bill ${bill.id}: ${bill.total} ${bill.currency}`,
    exchange !== null && `1 USD is ${exchange.rate} ${currency} (${exchange.name})`,
  ];
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, project),
    h('p', { class: 'quiet' }, notes.filter(Boolean).join(' · ')),
    h(
      'div',
      { class: 'scroll-x' },
      h(
        'table',
        { 'aria-label': project },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            COLUMNS.map(([name, , kind]) => h('th', { class: kind }, name)),
          ),
        ),
        h(
          'tbody',
          {},
          lines.map((line) =>
            h(
              'tr',
              {},
              COLUMNS.map(([, of, kind]) => h('td', { class: kind }, of(line, titles))),
            ),
          ),
        ),
        h(
          'tfoot',
          {},
          h('tr', {}, h('td', { colspan: 5 }), h('td', { class: 'num' }, `${total} ${currency}`)),
        ),
      ),
    ),
  );
}
