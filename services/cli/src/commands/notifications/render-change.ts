import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { outcome, renderQuestion } from './render-question';

/** What somebody who watches is shown: a question in full, all else in a line. */
export function renderChange(out: Output, note: Notification, now: Date): string {
  const { colours } = out;
  if (note.state === 'pending') return `${renderQuestion(out, note, now)}\n`;
  const title = stripEscapes(note.title);
  const time = now.toTimeString().slice(0, 8);
  if (note.kind === 'question') {
    const what = outcome(note, now).map((line) => stripEscapes(line));
    return `${colours.dim(time)} ${note.id}. ${title}: ${what.join('')}`;
  }
  const paint =
    note.kind === 'error'
      ? colours.red
      : note.kind === 'warning'
        ? colours.yellow
        : note.kind === 'completion'
          ? colours.green
          : String;
  return `${colours.dim(time)} ${paint(`${stripEscapes(note.project)}: ${title}`)}`;
}
