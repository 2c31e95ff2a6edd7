import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { choicesOf } from './notification-document';

type Paper = Pick<Output, 'colours'>;

/** A notification in full: what it says, what can be answered, who answered what. */
export function renderQuestion(
  { colours }: Paper,
  note: Notification,
  now: Date,
  options: { hint?: boolean } = {},
): string {
  const open = note.state === 'pending';
  const about = note.number === null ? '' : `/${note.number}`;
  const facts = [
    `${stripEscapes(note.project)}${about}`,
    `${note.kind} from ${stripEscapes(note.asked_by_name)}`,
    ago(note.created_at, now),
    note.priority === 'normal' ? '' : note.priority,
  ].filter((fact) => fact !== '');
  const title = `${note.id}. ${stripEscapes(note.title)}`;
  const lines = [
    open ? colours.bold(colours.yellow(title)) : colours.bold(title),
    colours.dim(facts.join(' · ')),
    note.message.trim() === note.title
      ? ''
      : stripEscapes(note.message, { multiline: true }).trim(),
    ...choicesOf(note).map(({ label, description }, i) => {
      const more = description === undefined ? '' : ` – ${stripEscapes(description)}`;
      return `  ${i + 1}) ${stripEscapes(label)}${colours.dim(more)}`;
    }),
    ...outcome(note, now).map((line) => stripEscapes(line)),
    open && options.hint !== false ? howToAnswer(note) : '',
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** What became of a question, in one line; nothing for what asks nothing. */
export function outcome(note: Notification, now: Date): string[] {
  if (note.state === 'answered') {
    const by = note.answered_by_name ?? 'somebody';
    return [`answered by ${by} (${note.answered_via ?? '?'}): ${note.answer ?? ''}`];
  }
  if (note.state === 'timed_out') {
    return [`nobody answered in time; "${note.default_answer ?? ''}" was taken`];
  }
  if (note.state === 'withdrawn') return ['withdrawn'];
  if (note.state === 'pending' && note.expires_at !== null) {
    return [`${ago(note.expires_at, now)} "${note.default_answer ?? ''}" is taken by itself`];
  }
  return [];
}

function howToAnswer(note: Notification): string {
  const choices = choicesOf(note).length;
  const answer =
    choices === 0
      ? '"your answer"'
      : note.multiple
        ? '1,2'
        : note.free_text
          ? '1  (or any text)'
          : '1';
  return `coffee-roadmap respond ${note.id} ${answer}`;
}
