import type { Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { Attempt, Item, Step } from '@coffee-roadmap/shared/roadmap/queries';
import { joinFacts } from '../../join-facts';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { formatDuration } from '../../terminal/duration';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { AS_REPORTED, formatSpent, paintState, stateWords } from '../../words';
import { renderQuestion } from '../notifications/render-question';
import { changesOf } from './attempt-document';

export interface ViewedItem {
  project: string;
  item: Item;
  /** The newest first. */
  attempts: Attempt[];
  steps: Step[];
  questions: Notification[];
}

type Paper = Pick<Output, 'colours' | 'width'>;

/** All about one priority, in sections with an empty line between them. */
export function renderItem(out: Paper, view: ViewedItem, now = new Date()): string {
  const { bold } = out.colours;
  const { item, attempts } = view;
  const sections = [
    heading(out, view, now),
    stripEscapes(item.body, { multiline: true }).trim(),
    feedback(out, item),
    ...view.questions.map((question) => renderQuestion(out, question, now)),
    attempts.length === 0 ? '' : `${bold('Attempts')}\n${attemptTable(out, view, now)}`,
    reasonOf(attempts[0]),
    view.steps.length === 0 ? '' : `${bold('Last steps')}\n${stepTable(out, view.steps)}`,
    nextStep(item),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function heading(
  { colours, width }: Paper,
  { project, item, attempts }: ViewedItem,
  now: Date,
): string {
  const cost = {
    cost_usd: attempts.reduce((sum, attempt) => sum + Number(attempt.cost_usd), 0),
    as_reported: attempts.some((attempt) => attempt.as_reported),
  };
  const state = stateWords(item);
  const facts = [
    state,
    stripEscapes(project),
    item.branch === null ? '' : stripEscapes(item.branch),
    item.commit_hash === null ? '' : item.commit_hash.slice(0, 10),
    cost.cost_usd > 0 ? formatSpent(cost) : '',
    `changed ${ago(item.updated_at, now)}`,
  ];
  const lines = joinFacts(facts, width);
  const title = colours.bold(`${item.number}. ${stripEscapes(item.title)}`);
  // Painted once the lines are filled: colours take columns of a text, but none of a terminal.
  return `${title}\n${paintState(colours)(state)}${lines.slice(state.length)}`;
}

function feedback({ colours }: Paper, { feedback: text, state }: Item): string {
  if (text === null || state === 'done') return '';
  return `${colours.bold('Asked for by the last reopening')}\n${stripEscapes(text, { multiline: true }).trim()}`;
}

function attemptTable(
  { colours, width }: Paper,
  { item, attempts }: ViewedItem,
  now: Date,
): string {
  // An attempt that was not ended goes on another day.
  const open = item.state === 'in_progress' ? 'running' : 'waits';
  const table = renderTable(
    [
      { title: 'NO', align: 'right' },
      { title: 'OUTCOME' },
      { title: 'AGENT', flexible: true },
      { title: 'BEGAN' },
      { title: 'TOOK', align: 'right' },
      { title: 'COST', align: 'right' },
      { title: 'CHANGES', flexible: true, min: 12 },
    ],
    attempts.map((attempt) => [
      attempt.attempt,
      attempt.outcome?.replaceAll('_', ' ') ?? open,
      attempt.agent,
      ago(attempt.started_at, now),
      formatDuration((attempt.ended_at ?? now).getTime() - attempt.started_at.getTime()),
      formatSpent(attempt),
      changeWords(attempt),
    ]),
    { width, paintTitle: colours.dim },
  );
  return attempts.some((attempt) => attempt.as_reported) ? `${table}\n${AS_REPORTED}` : table;
}

function changeWords(attempt: Attempt): string {
  const changes = changesOf(attempt);
  if (changes === undefined) return '';
  const { files, insertions, deletions } = changes;
  return `${files} ${files === 1 ? 'file' : 'files'} +${insertions} −${deletions}`;
}

function reasonOf(attempt: Attempt | undefined): string {
  if (attempt?.reason == null || attempt.reason.trim() === '') return '';
  return stripEscapes(attempt.reason, { multiline: true }).trim();
}

function stepTable({ colours, width }: Paper, steps: Step[]): string {
  const table = renderTable(
    [
      { title: 'TIME', paint: colours.dim },
      { title: 'STEP' },
      { title: 'WHAT', flexible: true, min: 20 },
    ],
    steps.map((step) => [
      step.at.toTimeString().slice(0, 8),
      step.kind.replaceAll('_', ' '),
      step.summary,
    ]),
    { width },
  );
  return table.slice(table.indexOf('\n') + 1); // three columns that need no titles
}

function nextStep(item: Item): string {
  if (item.state === 'in_review' && item.accepted_at === null) {
    return [
      `coffee-roadmap roadmap accept ${item.number}`,
      `coffee-roadmap roadmap reopen ${item.number} "what is missing"`,
    ].join('\n');
  }
  if (item.state === 'blocked') return `coffee-roadmap daemon retry ${item.number}`;
  return '';
}
