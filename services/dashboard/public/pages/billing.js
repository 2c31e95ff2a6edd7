import { get, post } from '../api.js';
import { save, toCsv } from '../csv.js';
import { h } from '../element.js';
import { billedProject, COLUMNS } from '../parts/billed-project.js';
import { exchangeForm } from '../parts/exchange-form.js';

/** What was published of a team in a month, priced; for its managers. */
export const billing = {
  name: 'billing',
  place: '/billing',
  title: () => 'Billing',
  load(_params, search) {
    const query = search.all();
    if (!query.has('month')) query.set('month', monthBefore(today()));
    return get(`/api/billing?${query}`);
  },
  view: (data) => [
    h('div', { class: 'page-head' }, h('h1', {}, 'Billing'), controls(data)),
    h(
      'div',
      { class: 'stack' },
      data.projects.length === 0
        ? h('p', { class: 'empty' }, `Nothing was published of ${data.team} in ${data.month}.`)
        : data.projects.map((project) => billedProject(project, data.titles)),
      data.asked.map((one) => exchangeForm(one, data)),
      data.totals.map(({ currency, amount }) =>
        h('p', { class: 'sum num' }, h('strong', {}, `Total ${amount} ${currency}`)),
      ),
      data.unpriced > 0 &&
        h(
          'p',
          { class: 'quiet' },
          'Lines without an amount have no rate, or need an exchange rate.',
        ),
      insightsCard(data.insights),
      healthCard(data.health),
    ),
  ],
  actions: {
    before: (_button, { search, state }) =>
      elsewhere(search, { month: monthBefore(state.data.month) }),
    after: (_button, { search, state }) =>
      elsewhere(search, { month: monthAfter(state.data.month) }),
    team: (select, { search }) => elsewhere(search, { team: select.value }),
    exchange(form, { search }) {
      const { currency } = form.dataset;
      const { rate, name } = form.elements;
      return search.change({
        [`exchange_${currency}`]: rate.value.trim(),
        [`exchange_name_${currency}`]: name.value.trim(),
      });
    },
    async csv(_button, { state }) {
      const { month, team, projects } = state.data;
      await post('/api/billing/exports', { month, team });
      const rows = projects.flatMap(({ client, project, currency, lines }) =>
        lines.map((line) => [client, project, ...COLUMNS.map(([, of]) => of(line, {})), currency]),
      );
      const columns = COLUMNS.map(([name]) => name.toLowerCase());
      const names = ['client', 'project', ...columns, 'currency'];
      save(`billing-${month}.csv`, toCsv(names, rows));
    },
  },
};

/** Another month or team has rates of its own. */
function elsewhere(search, parts) {
  const rates = [...search.all().keys()].filter((name) => name.startsWith('exchange_'));
  return search.change({ ...Object.fromEntries(rates.map((name) => [name, null])), ...parts });
}

function controls({ month, teams, team }) {
  const step = (action, label, text) =>
    h('button', { type: 'button', 'data-action': action, 'aria-label': label }, text);
  return h(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'Month' },
    teams.length > 1 &&
      h(
        'select',
        { 'data-action': 'team', 'aria-label': 'Team' },
        teams.map((name) => h('option', { value: name, selected: name === team }, name)),
      ),
    step('before', 'The month before', '‹'),
    h('strong', { class: 'month' }, month),
    step('after', 'The month after', '›'),
    step('csv', 'Save as CSV', 'CSV'),
  );
}

/** Sums that the whole team may see; what would tell of a few is withheld. */
function insightsCard(insights) {
  if (insights.length === 0) return null;
  const of = (value, format = (n) => n.toLocaleString()) =>
    h('td', { class: 'num' }, value === null ? 'withheld' : format(value));
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, 'What the team is told'),
    h(
      'div',
      { class: 'scroll-x' },
      h(
        'table',
        { 'aria-label': 'What the team is told' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['From', 'Calls', 'Tokens', 'Cost', 'Phrases'].map((name, i) =>
              h('th', { class: i > 0 && 'num' }, name),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          insights.map((one) =>
            h(
              'tr',
              {},
              h('td', {}, one.first_day),
              of(one.calls),
              of(one.tokens),
              of(one.cost_usd, (usd) => `$${usd.toLocaleString()}`),
              of(one.phrases),
            ),
          ),
        ),
      ),
    ),
  );
}

function healthCard(health) {
  if (health.length === 0) return null;
  const part = (value) => (value === null ? '' : `${(value * 100).toFixed(2)} %`);
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, 'Publishing in the last 30 days'),
    h(
      'div',
      { class: 'scroll-x' },
      h(
        'table',
        { 'aria-label': 'Publishing in the last 30 days' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Layer', 'Runs', 'Succeeded', 'Uptime', 'Delay h'].map((name, i) =>
              h('th', { class: i > 0 && 'num' }, name),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          health.map((one) =>
            h(
              'tr',
              {},
              h('td', {}, one.layer.replace('_', ' ')),
              h('td', { class: 'num' }, one.runs),
              h('td', { class: 'num' }, part(one.success_rate)),
              h('td', { class: 'num' }, part(one.uptime)),
              h('td', { class: 'num' }, one.delay_hours === null ? '' : one.delay_hours.toFixed(1)),
            ),
          ),
        ),
      ),
    ),
  );
}

const today = () => new Date().toISOString().slice(0, 7);
const moved = (month, by) => {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
};
const monthBefore = (month) => moved(month, -1);
const monthAfter = (month) => moved(month, 1);
