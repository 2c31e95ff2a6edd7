import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Cost } from '@coffee-roadmap/shared/slack/reading-queries';
import type { Block, ContextElement } from '../bolt';
import { answerElements, choicesOf } from './answer-elements';
import { longSection, section, type Message } from './message';
import { cut, escape, LIMITS, markup, moment, plain, spent, usd } from './text';

export interface CardContext {
  cost: Cost;
  /** Title of the priority that it is about. */
  itemTitle: string | null;
  /** Mentions for critical ones. */
  onCall: string[];
}

/** A question, or an error: everything that is more than a line. Open questions have their buttons. */
export function renderCard(note: Notification, context: CardContext): Message {
  const open = note.state === 'pending';
  const blocks: Block[] = [];
  if (
    note.priority === 'critical' &&
    context.onCall.length > 0 &&
    (open || note.kind !== 'question')
  ) {
    blocks.push({ type: 'section', text: markup(mentions(context.onCall)) });
  }
  blocks.push({ type: 'header', text: plain(note.title, LIMITS.header) });
  blocks.push({ type: 'context', elements: about(note, context) });
  if (note.title.length > LIMITS.header) blocks.push(section(note.title));
  const whole = `coffee-roadmap notifications show ${note.id}`;
  if (note.message.trim() !== '') blocks.push(longSection(note.message, whole));
  const listed = listChoices(note);
  if (listed !== '') blocks.push(longSection(listed, whole));
  if (open) {
    blocks.push({
      type: 'actions',
      block_id: `answer:${note.id}`,
      elements: answerElements(note),
    });
    blocks.push({ type: 'context', elements: howToAnswer(note) });
  } else if (note.kind === 'question') {
    blocks.push({ type: 'context', elements: whatCame(note) });
  }
  return { text: escape(`${note.project}: ${note.title}`), blocks };
}

const MARKS = { critical: ':rotating_light: ', high: ':exclamation: ', normal: '', low: '' };

function about(note: Notification, { cost, itemTitle }: CardContext): ContextElement[] {
  const item = note.number === null ? '' : ` · ${note.number}. ${cut(itemTitle ?? '', 150)}`;
  const elements: ContextElement[] = [
    markup(`${MARKS[note.priority]}*${note.kind}* · ${note.priority}`),
    plain(`${note.project}${item}`, LIMITS.context),
    plain(`by ${note.asked_by_name}`, LIMITS.context),
  ];
  if (note.item_id !== null) {
    const attempt =
      note.attempt_id === null || cost.attempt_usd === cost.item_usd
        ? ''
        : ` (this attempt ${usd(cost.attempt_usd)})`;
    const whole = spent({ cost_usd: cost.item_usd, as_reported: cost.as_reported });
    elements.push(markup(`cost so far ${whole}${attempt}`));
  }
  return elements;
}

/** Where a button does not say it all. */
function listChoices(note: Notification): string {
  const choices = choicesOf(note);
  const needed = choices.some(
    ({ label, description }) => label.length > LIMITS.button || (description ?? '') !== '',
  );
  if (!needed) return '';
  return choices
    .map(
      ({ label, description }, i) => `${i + 1}. ${label}${description ? ` – ${description}` : ''}`,
    )
    .join('\n');
}

function howToAnswer(note: Notification): ContextElement[] {
  const elements: ContextElement[] = [
    markup(
      `Question ${note.id} · ${note.free_text ? 'a reply in the thread is an answer too' : 'a reply in the thread that names an option is an answer too'}`,
    ),
  ];
  if (note.expires_at !== null) {
    elements.push(markup(`without an answer by ${moment(note.expires_at)} this is taken:`));
    elements.push(plain(note.default_answer ?? '', LIMITS.context));
  }
  return elements;
}

const PLACES: Record<string, string> = {
  slack: 'Slack',
  cli: 'the command line',
  dashboard: 'the dashboard',
};

/** Who, what, when, from where. */
function whatCame(note: Notification): ContextElement[] {
  const end: ContextElement[] = [markup(`· question ${note.id}`)];
  const answer = plain(note.answer ?? '', LIMITS.context);
  const when = note.answered_at === null ? '' : moment(note.answered_at);
  if (note.state === 'answered') {
    const via = note.answered_via ?? '';
    return [
      markup(':white_check_mark: *Answered by*'),
      plain(note.answered_by_name ?? '', LIMITS.context),
      markup(`${when} from ${PLACES[via] ?? via}:`),
      answer,
      ...end,
    ];
  }
  if (note.state === 'timed_out') {
    return [markup(`:hourglass: *Nobody answered in time* (${when}). Taken:`), answer, ...end];
  }
  return [markup(':wastebasket: *Withdrawn*: nobody has to answer any more'), ...end];
}

/** Ids of users and user groups, from the configuration and checked there. */
export function mentions(onCall: string[]): string {
  return onCall.map((id) => (id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`)).join(' ');
}
