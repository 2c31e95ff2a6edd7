/** The words and signs that files use for a state, and the ones that are written. */
import type { RoadmapState } from './roadmap-document';

const WRITTEN: Record<RoadmapState, { sign: string; words: string }> = {
  planned: { sign: '📝', words: 'Planned' },
  in_progress: { sign: '🔄', words: 'In Progress' },
  in_review: { sign: '🚧', words: 'In Review' },
  done: { sign: '✅', words: 'Complete' },
  blocked: { sign: '⏸️', words: 'Blocked' },
};

export function signOf(state: RoadmapState): string {
  return WRITTEN[state].sign;
}

/** '📝 Planned' and so on. */
export function statusTextOf(state: RoadmapState): string {
  return `${WRITTEN[state].sign} ${WRITTEN[state].words}`;
}

const PHRASES: [RoadmapState, string[]][] = [
  [
    'planned',
    ['planned', 'ready', 'backlog', 'in discussion', 'todo', 'to do', 'not started', 'proposed'],
  ],
  // A story that was given to a priority is not done: the priority is where the work is.
  ['planned', ['assigned to', 'queued', 'open']],
  ['in_progress', ['in progress', 'started', 'working', 'wip', 'ongoing']],
  ['in_progress', ['mostly complete', 'partially complete', 'almost complete', 'almost done']],
  ['in_review', ['in review', 'under review', 'ready for review', 'review', 'review required']],
  ['in_review', ['manual review', 'needs manual review', 'needs review']],
  ['done', ['complete', 'completed', 'done', 'finished', 'shipped', 'merged', 'accepted']],
  ['blocked', ['blocked', 'on hold', 'paused', 'waiting']],
  // There is no state for work that was given up; as planned, a daemon would do it.
  ['blocked', ['cancelled', 'canceled', 'deferred', 'postponed', 'rejected', 'dropped']],
  ['blocked', ['abandoned', 'superseded', 'obsolete', "won't do", 'wont do']],
];

const STATE_OF = new Map(
  PHRASES.flatMap(([state, phrases]) => phrases.map((phrase) => [phrase, state] as const)),
);
const LONGEST_FIRST = [...STATE_OF.keys()].sort((a, b) => b.length - a.length);
const WORDS = LONGEST_FIRST.map((phrase) => phrase.replaceAll(' ', '[\\s*_-]+')).join('|');
const PHRASE = new RegExp(`^[^\\p{L}\\p{N}]{0,20}(${WORDS})(?![\\p{L}\\p{N}])`, 'iu');

/** Long enough for every phrase with signs and emphasis before it. */
const PHRASE_REACH = 60;

const SIGNS = new Map<string, RoadmapState>([
  ['📝', 'planned'],
  ['📋', 'planned'],
  ['💬', 'planned'],
  ['🔄', 'in_progress'],
  ['🚧', 'in_review'],
  ['👀', 'in_review'],
  ['✅', 'done'],
  ['☑', 'done'],
  ['✔', 'done'],
  ['⏸', 'blocked'],
  ['⛔', 'blocked'],
  ['🚫', 'blocked'],
  ['❌', 'blocked'],
]);
const SIGN = new RegExp(`(${[...SIGNS.keys()].join('|')})\uFE0F?`, 'gu');

/** The state that the text begins to name, after signs and emphasis: '🔄 **IN PROGRESS** (…)'. */
export function phraseAt(text: string, at = 0): RoadmapState | undefined {
  const words = PHRASE.exec(text.slice(at, at + PHRASE_REACH))?.[1];
  if (words === undefined) return undefined;
  return STATE_OF.get(words.toLowerCase().replace(/[\s*_-]+/g, ' '));
}

export interface Sign {
  start: number;
  end: number;
  state: RoadmapState;
}

export function* signsIn(text: string): Generator<Sign> {
  for (const found of text.matchAll(SIGN)) {
    const state = SIGNS.get(found[1] ?? '');
    if (state === undefined) continue;
    yield { start: found.index, end: found.index + found[0].length, state };
  }
}

/** The state that a status text means; the words win over the sign. undefined: not understood. */
export function stateOfStatus(text: string): RoadmapState | undefined {
  const phrase = phraseAt(text);
  if (phrase !== undefined) return phrase;
  for (const sign of signsIn(text)) return sign.state;
  return undefined;
}
