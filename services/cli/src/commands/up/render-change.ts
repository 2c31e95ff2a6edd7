import type { Change } from '@coffee-roadmap/shared/roadmap/changes-queries';
import type { ItemState } from '@coffee-roadmap/shared/roadmap/queries';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { truncate, widthOf } from '../../terminal/width';
import { paintState, stateWords } from '../../words';
import { feedLines, MARGIN, projectFlag } from './feed-lines';

type Kind = Change['change'];

/** What a change of an item led to, and how it is told; others are not worth a line. */
const TOLD: Partial<Record<Kind, { state: ItemState; words: (by: string) => string }>> = {
  add: { state: 'planned', words: (by) => `planned by ${by}` },
  claim: { state: 'in_progress', words: (by) => `taken by ${by}` },
  review: { state: 'in_review', words: () => 'up for review' },
  accept: { state: 'in_review', words: (by) => `accepted by ${by}` },
  merge: { state: 'done', words: () => 'merged, done' },
  reopen: { state: 'planned', words: (by) => `planned again by ${by}` },
  retry: { state: 'planned', words: (by) => `planned again by ${by}` },
  release: { state: 'planned', words: () => 'tried again after a pause' },
  block: { state: 'blocked', words: (by) => `blocked by ${by}` },
};

/** A line, with the reason or the next step below; empty for what is told by a notification. */
export function renderChange(out: Output, change: Change, several: boolean): string {
  const told = TOLD[change.change];
  if (told === undefined || isInNotification(change)) return '';
  const { colours, width } = out;
  const sign = stateWords({ state: told.state }).slice(0, 1);
  const about = stripEscapes(`${change.project}/${change.number}`);
  const words = told.words(stripEscapes(change.changed_by_name));
  const room = width - MARGIN - widthOf(`${sign} ${about} : ${words}`);
  const title = truncate(stripEscapes(change.title), Math.max(8, room));
  const below =
    change.change === 'review'
      ? `coffee-roadmap roadmap view ${change.number}${projectFlag(change.project, several)}`
      : reasonOf(change, width);
  return feedLines(
    out,
    change.changed_at,
    `${paintState(colours)(`${sign} ${about}`)} ${title}: ${words}`,
    below === '' ? [] : [colours.dim(below)],
  );
}

/** A daemon that blocks, or gives back what it could not merge, writes at more length. */
function isInNotification({ change, by_person, after }: Change): boolean {
  if (by_person) return false;
  return change === 'block' || change === 'reopen' || (change === 'release' && after === null);
}

const WITH_REASON: Kind[] = ['reopen', 'retry', 'release', 'block'];

function reasonOf({ change, reason }: Change, width: number): string {
  if (!WITH_REASON.includes(change)) return '';
  return truncate(stripEscapes((reason ?? '').trim().split('\n')[0] ?? ''), width - MARGIN - 2);
}

export function changeDocument(change: Change): object {
  return {
    type: 'change',
    change: change.change,
    project: change.project,
    number: change.number,
    title: change.title,
    reason: change.reason,
    changed_by: change.changed_by_name,
    changed_at: change.changed_at,
  };
}
