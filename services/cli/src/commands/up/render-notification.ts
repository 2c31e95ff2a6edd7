import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { truncate, widthOf } from '../../terminal/width';
import { fold } from '../doctor/finding';
import { outcome, renderQuestion } from '../notifications/render-question';
import { feedLines, MARGIN, projectFlag } from './feed-lines';

const MOST_LINES = 8;

/** Questions in full, warnings and errors with what they say; what a change told already not again. */
export function renderNotification(
  out: Output,
  note: Notification,
  now: Date,
  several: boolean,
): string {
  const { colours, width } = out;
  const title = stripEscapes(note.title);
  if (note.kind === 'question') {
    if (note.state === 'pending') {
      const [first = '', ...more] = renderQuestion(out, note, now).split('\n');
      return feedLines(out, note.created_at, `${colours.yellow('?')} ${first}`, more);
    }
    const became = outcome(note, now).map((line) => stripEscapes(line));
    const words = `: ${became.join('')}`;
    const room = Math.max(8, width - MARGIN - 2 - widthOf(words));
    const question = truncate(`${note.id}. ${title}`, room);
    return feedLines(out, now, `${colours.green('✓')} ${question}${words}`);
  }
  if (note.kind === 'completion') return '';
  const paint = note.kind === 'error' ? colours.red : colours.yellow;
  const message = stripEscapes(note.message, { multiline: true }).trim();
  const which = projectFlag(note.project, several);
  return feedLines(out, note.created_at, paint(`! ${title}`), [
    ...message
      .split('\n')
      .flatMap((line) => fold(line, width - MARGIN - 2))
      .filter((line) => line.trim() !== '')
      .slice(0, MOST_LINES),
    ...(note.number === null ? [] : [`coffee-roadmap roadmap view ${note.number}${which}`]),
  ]);
}
