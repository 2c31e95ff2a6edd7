import { h } from '../element.js';

/** Asks what one USD is worth where no bill of the month says so; AI cost is in USD. */
export function exchangeForm({ currency, exchange }, { month, team }) {
  const id = `exchange-${currency}`;
  return h(
    'section',
    { class: 'card', 'data-key': `${id}-${team}-${month}`, 'aria-labelledby': id },
    h('h2', { id }, `What models cost, in ${currency}`),
    exchange === null &&
      h(
        'p',
        { class: 'quiet' },
        'It is not in the total before somebody says what one USD is worth.',
      ),
    h(
      'form',
      { class: 'exchange', 'data-action': 'exchange', 'data-currency': currency },
      field('1 USD is', {
        ...{ name: 'rate', value: exchange?.rate, placeholder: '0.9215', inputmode: 'decimal' },
        ...{ pattern: '(?=.*[1-9])\\d{1,9}(\\.\\d{1,10})?', title: 'A number such as 0.9215' },
      }),
      field('according to', {
        ...{ name: 'name', value: exchange?.name, placeholder: `ECB ${month}-28` },
        ...{ maxlength: 100, pattern: '.*\\S.*', title: 'Where the rate is from' },
      }),
      h('button', { type: 'submit', class: 'primary' }, 'Convert'),
    ),
  );
}

const field = (label, props) =>
  h(
    'label',
    {},
    h('span', {}, label),
    h('input', { required: true, autocomplete: 'off', ...props }),
  );
