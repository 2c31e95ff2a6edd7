import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { DaemonNow } from '@coffee-roadmap/shared/slack/reading-queries';
import type { Block, View } from '../bolt';
import { answerElements } from './answer-elements';
import { section } from './message';
import { LIMITS, markup, plain, usd } from './text';

export interface HomeContent {
  name: string;
  questions: Notification[];
  daemons: DaemonNow[];
  spentUsd: string;
}

const MOST_QUESTIONS = 20;

/** Open questions, what the daemons do now, today's spend. */
export function renderHome({ name, questions, daemons, spentUsd }: HomeContent): View {
  const blocks: Block[] = [
    { type: 'header', text: plain(`Questions to you, ${name}`, LIMITS.header) },
    ...(questions.length === 0 ? [section('Nobody waits for an answer of yours.')] : []),
    ...questions.slice(0, MOST_QUESTIONS).flatMap(renderQuestion),
  ];
  if (questions.length > MOST_QUESTIONS) {
    const more = `${questions.length - MOST_QUESTIONS} more: coffee-roadmap notifications list`;
    blocks.push(section(more));
  }
  blocks.push(
    { type: 'divider' },
    { type: 'header', text: plain('The daemons now', LIMITS.header) },
  );
  if (daemons.length === 0) blocks.push(section('No daemon serves a team of yours.'));
  for (const daemon of daemons.slice(0, 10)) blocks.push(section(daemonLine(daemon)));
  blocks.push({ type: 'context', elements: [markup(`Spent today (UTC): *${usd(spentUsd)}*`)] });
  return { type: 'home', blocks };
}

/** For an account that is not linked. */
export function renderUnlinkedHome(): View {
  return {
    type: 'home',
    blocks: [
      section('Your Slack account is not linked to a person yet, so nothing can be shown here.'),
      section('Run this on your machine:  coffee-roadmap people link-slack'),
      section('Then send what it prints, in any channel:  /roadmap link CODE'),
    ],
  };
}

function renderQuestion(note: Notification): Block[] {
  const about = note.number === null ? note.project : `${note.project} ${note.number}`;
  return [
    section(note.title),
    {
      type: 'context',
      elements: [
        markup(`*${note.priority}* · question ${note.id}`),
        plain(`${about} · by ${note.asked_by_name}`, LIMITS.context),
      ],
    },
    { type: 'actions', block_id: `answer:${note.id}`, elements: answerElements(note) },
  ];
}

function daemonLine({ name, state, live, paused, project, number, title }: DaemonNow): string {
  const what = project === null ? '' : `: ${project} ${number}. ${title}`;
  const now = live ? state : 'not running';
  return `${name}: ${now}${paused && state !== 'paused' ? ', to be paused' : ''}${live ? what : ''}`;
}
