import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Block } from '../bolt';
import type { Message } from './message';
import { cut, escape, LIMITS, markup, moment, plain } from './text';

/** Lines that one message holds at most: each is a block, of which Slack takes fifty. */
export const MOST_LINES = 40;

const MARKS: Record<string, string> = {
  info: ':information_source:',
  warning: ':warning:',
  completion: ':white_check_mark:',
};

export function isLine(note: Pick<Notification, 'kind'>): boolean {
  return note.kind in MARKS;
}

/** What only tells, one line each; several that came together are one message. */
export function renderLines(notes: Notification[], onCall: string): Message {
  const critical = onCall !== '' && notes.some((note) => note.priority === 'critical');
  const blocks: Block[] = notes.slice(0, MOST_LINES).map((note) => ({
    type: 'context',
    elements: [
      markup(MARKS[note.kind] ?? '•'),
      plain(
        `${note.project}${note.number === null ? '' : ` ${note.number}`}: ${note.title}`,
        LIMITS.context,
      ),
      ...(note.message.trim() === '' ? [] : [plain(brief(note), LIMITS.context)]),
      markup(moment(note.created_at)),
    ],
  }));
  const [first] = notes;
  const more = notes.length > 1 ? ` (and ${notes.length - 1} more)` : '';
  return {
    text: escape(first === undefined ? '' : `${first.project}: ${first.title}${more}`),
    blocks: critical ? [{ type: 'section', text: markup(onCall) }, ...blocks] : blocks,
  };
}

const BRIEF = 300;

function brief({ id, message }: Notification): string {
  const line = message.trim().replace(/\s+/g, ' ');
  return line.length <= BRIEF
    ? line
    : `${cut(line, BRIEF)} (coffee-roadmap notifications show ${id})`;
}
