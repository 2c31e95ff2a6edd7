import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { ActionElement, Option } from '../bolt';
import { LIMITS, plain } from './text';

export interface Choice {
  label: string;
  description?: string;
}

/** The options of a question; the database has checked their shape. */
export function choicesOf({ options }: Pick<Notification, 'options'>): Choice[] {
  return Array.isArray(options) ? (options as unknown as Choice[]) : [];
}

const MOST_BUTTONS = 5;
const MOST_CHECKBOXES = 10;
const MOST_OPTIONS = 100;

/** Buttons up to five options, a select beyond; where several may be chosen, boxes to tick and a button. */
export function answerElements(note: Notification): ActionElement[] {
  const choices = choicesOf(note);
  const other: ActionElement[] = note.free_text
    ? [
        {
          type: 'button',
          action_id: 'other',
          text: plain(choices.length === 0 ? 'Answer…' : 'Something else…', LIMITS.button),
          value: String(note.id),
        },
      ]
    : [];
  if (choices.length === 0) return other;
  if (note.multiple) return [...several(note.id, choices), ...other];
  if (choices.length > MOST_BUTTONS) {
    const select: ActionElement = {
      type: 'static_select',
      action_id: 'answer_select',
      placeholder: plain('Choose an answer', LIMITS.option),
      options: toOptions(note.id, choices),
    };
    return [select, ...other];
  }
  const buttons = choices.map(({ label }, index): ActionElement => ({
    type: 'button',
    action_id: `answer_${index}`,
    text: plain(label, LIMITS.button),
    value: `${note.id}:${index}`,
  }));
  return [...buttons, ...other];
}

function several(id: number, choices: Choice[]): ActionElement[] {
  const options = toOptions(id, choices);
  const pick: ActionElement =
    choices.length <= MOST_CHECKBOXES
      ? { type: 'checkboxes', action_id: 'pick', options }
      : {
          type: 'multi_static_select',
          action_id: 'pick',
          placeholder: plain('Choose one or more', LIMITS.option),
          options,
        };
  const send: ActionElement = {
    type: 'button',
    action_id: 'answer_picked',
    style: 'primary',
    text: plain('Send', LIMITS.button),
    value: String(id),
  };
  return [pick, send];
}

function toOptions(id: number, choices: Choice[]): Option[] {
  return choices.slice(0, MOST_OPTIONS).map(({ label }, index) => ({
    text: plain(label, LIMITS.option),
    value: `${id}:${index}`,
  }));
}

/**
 * The answer that names these options. A label that holds a comma cannot stand in a list of labels, so
 * the places of all are named then; the database reads either.
 */
export function answerOf(note: Notification, indexes: number[]): string {
  const choices = choicesOf(note);
  const labels = indexes.map((index) => choices[index]?.label ?? '');
  if (labels.length === 1) return labels[0]!;
  return labels.some((label) => label.includes(','))
    ? indexes.map((index) => index + 1).join(', ')
    : labels.join(', ');
}
