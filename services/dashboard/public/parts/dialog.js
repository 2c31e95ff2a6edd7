import { h } from '../element.js';

/** Asks for a text in a dialog; undefined when it is closed. */
export function askText({ title, text, action }) {
  const area = h('textarea', { name: 'text', rows: 5, maxlength: 20000, 'aria-label': text });
  const dialog = h(
    'dialog',
    { 'aria-label': title },
    h(
      'form',
      { method: 'dialog' },
      h('h2', {}, title),
      h('p', {}, text),
      area,
      h(
        'div',
        { class: 'decide' },
        h('button', { value: 'go', class: 'primary' }, action),
        h('button', { value: '', formnovalidate: true }, 'Cancel'),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'go' ? area.value : undefined);
    });
  });
}
