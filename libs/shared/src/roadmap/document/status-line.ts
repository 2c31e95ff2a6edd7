/** The line `**Status**: …` of an item. */
import { stateOfStatus, statusTextOf } from './status-words';
import type { RoadmapState } from './roadmap-document';

/** The status is looked for in so many lines after the header. */
export const STATUS_REACH = 15;

const STATUS = /^[ \t]*(?:[-*+][ \t]+)?\*\*status(?:[ \t]*\*\*[ \t]*:|:[ \t]*\*\*)[ \t]*(?=\S)/i;

export interface StatusLine {
  text: string;
  /** null: not understood; the item counts as planned. */
  state: RoadmapState | null;
}

/** undefined: not a status line, or one that says nothing. */
export function readStatusLine(line: string): StatusLine | undefined {
  const found = STATUS.exec(line);
  if (found === null) return undefined;
  const text = line.slice(found[0].length).trimEnd();
  return { text, state: stateOfStatus(text) ?? null };
}

/** The same line with another status; what stands before and behind the words is kept. */
export function rewriteStatusLine(line: string, state: RoadmapState): string {
  const start = STATUS.exec(line)?.[0].length ?? 0;
  return line.slice(0, start) + statusTextOf(state) + line.slice(line.trimEnd().length);
}

export function canonicalStatusLine(state: RoadmapState): string {
  return `**Status**: ${statusTextOf(state)}`;
}
