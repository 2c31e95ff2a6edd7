import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Attempt, Item } from '@coffee-roadmap/shared/roadmap/queries';
import type { BriefItem } from '@coffee-roadmap/shared/slack/reading-queries';
import type { Block } from '../bolt';
import { longSection, section, type Message } from './message';
import { escape, LIMITS, markup, plain, spent } from './text';

const STATES: Record<string, string> = {
  planned: ':white_circle:',
  in_progress: ':large_blue_circle:',
  in_review: ':eyes:',
  done: ':white_check_mark:',
  blocked: ':no_entry:',
};
const MOST_LISTED = 40;

/** What is open, in the order of work; what is done is a number. */
export function renderList(project: string, items: BriefItem[]): Message {
  const open = items.filter((item) => item.state !== 'done');
  const done = items.length - open.length;
  const blocks: Block[] = [{ type: 'header', text: plain(`Roadmap of ${project}`, LIMITS.header) }];
  for (const item of open.slice(0, MOST_LISTED)) {
    const questions = item.open_questions > 0 ? ' · a question waits' : '';
    const accepted = item.accepted ? ' · accepted' : '';
    const cost = Number(item.cost_usd) > 0 ? ` · ${spent(item)}` : '';
    blocks.push({
      type: 'context',
      elements: [
        markup(STATES[item.state] ?? ''),
        plain(`${item.number}. ${item.title}`, LIMITS.context),
        markup(`${item.state.replace('_', ' ')}${accepted}${questions}${cost}`),
      ],
    });
  }
  if (open.length === 0) blocks.push(section('Nothing is planned.'));
  const more = open.length > MOST_LISTED ? `${open.length - MOST_LISTED} more · ` : '';
  blocks.push({
    type: 'context',
    elements: [markup(`${more}${done} done · \`coffee-roadmap roadmap list\` shows all`)],
  });
  return { text: escape(`Roadmap of ${project}: ${open.length} open, ${done} done`), blocks };
}

export interface ItemView {
  project: string;
  item: Item;
  attempts: Attempt[];
  questions: Notification[];
}

export function renderItem({ project, item, attempts, questions }: ItemView): Message {
  const whole = `coffee-roadmap roadmap view ${item.number}`;
  const cost = spent({
    cost_usd: attempts.reduce((sum, attempt) => sum + Number(attempt.cost_usd), 0),
    as_reported: attempts.some((attempt) => attempt.as_reported),
  });
  const [last] = attempts;
  const blocks: Block[] = [
    { type: 'header', text: plain(`${item.number}. ${item.title}`, LIMITS.header) },
    {
      type: 'context',
      elements: [
        markup(`${STATES[item.state] ?? ''} *${item.state.replace('_', ' ')}*`),
        plain(project, LIMITS.context),
        markup(`${attempts.length} attempts · ${cost}`),
        ...(item.branch === null ? [] : [plain(item.branch, LIMITS.context)]),
      ],
    },
  ];
  if (item.body.trim() !== '') blocks.push(longSection(item.body, whole));
  if (last?.reason != null) blocks.push(longSection(`Last attempt: ${last.reason}`, whole));
  for (const question of questions.slice(0, 10)) {
    blocks.push(section(`Waits for an answer: ${question.title} (question ${question.id})`));
  }
  return { text: escape(`${project} ${item.number}. ${item.title}: ${item.state}`), blocks };
}
