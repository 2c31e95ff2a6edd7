import { post } from '../api.js';
import { h } from '../element.js';
import { ago, duration } from '../format.js';

/** An open question with its answers. What is typed stays when the page is drawn anew. */
export function questionCard(question) {
  const { id, title, message, options, multiple, free_text: freeText, priority } = question;
  const many = multiple && options.length > 0;
  return h(
    'article',
    {
      class: ['card', 'asking', priority],
      'data-key': `question-${id}`,
      'aria-labelledby': `question-${id}`,
    },
    h(
      'header',
      {},
      h('span', { class: 'who-asks' }, `${question.asked_by_name} asks`),
      h('span', { class: 'quiet' }, about(question)),
      priority === 'critical' || priority === 'high'
        ? h('span', { class: ['badge', 'blocked'] }, priority)
        : null,
    ),
    h('h3', { id: `question-${id}` }, title),
    message && message !== title && h('p', { class: 'text' }, message),
    h(
      'form',
      { 'data-action': 'answer', 'data-id': id, 'data-key': `form-${id}` },
      many
        ? options.map((option, n) =>
            h(
              'label',
              { class: 'check' },
              h('input', {
                type: 'checkbox',
                name: 'options',
                value: option.label,
                id: `o-${id}-${n}`,
              }),
              ` ${option.label}`,
            ),
          )
        : options.length > 0 &&
            h(
              'div',
              { class: 'options' },
              options.map((option) =>
                h(
                  'button',
                  {
                    type: 'button',
                    'data-action': 'choose',
                    'data-id': id,
                    'data-answer': option.label,
                    title: option.description,
                  },
                  h('span', {}, option.label),
                  option.description && h('small', {}, option.description),
                ),
              ),
            ),
      (freeText || many) &&
        h(
          'div',
          { class: 'free' },
          freeText &&
            h('input', {
              name: 'answer',
              'aria-label': 'Answer in your own words',
              placeholder: options.length > 0 ? 'or in your own words' : 'Your answer',
              autocomplete: 'off',
              maxlength: 20000,
            }),
          h('button', { type: 'submit', class: 'primary' }, 'Answer'),
        ),
    ),
    question.expires_at &&
      h(
        'p',
        { class: 'quiet' },
        `In ${duration((new Date(question.expires_at) - Date.now()) / 1000)} “${question.default_answer}” is taken.`,
      ),
  );
}

function about({ project, number, created_at: at }) {
  return [number === null ? project : `${project} / ${number}`, ago(at)].join(' · ');
}

/** How a question ended, for whoever came second too. */
export function answeredLine(note) {
  const via = note.answered_via === null ? '' : ` (${note.answered_via})`;
  const words = {
    answered: () => [h('strong', {}, note.answered_by_name), ` answered “${note.answer}”${via}`],
    timed_out: () => `nobody answered in time; “${note.answer}” was taken`,
    withdrawn: () => 'withdrawn',
    pending: () => 'not answered yet',
  }[note.state];
  return words === undefined ? null : h('span', {}, words());
}

export const questionActions = {
  async choose(button, { refresh, toast }) {
    await answer(button.dataset.id, button.dataset.answer, toast);
    await refresh();
  },
  async answer(form, { refresh, toast }) {
    const data = new FormData(form);
    const text = [...data.getAll('options'), data.get('answer')].filter(Boolean).join(', ');
    if (text === '') return toast('Choose or type an answer first.', 'bad');
    await answer(form.dataset.id, text, toast);
    form.reset();
    await refresh();
  },
};

async function answer(id, text, toast) {
  await post(`/api/notifications/${id}/answer`, { answer: text });
  toast('Answered.', 'good');
}
