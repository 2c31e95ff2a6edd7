/** What a ROADMAP.md is to the product, and what of it the database keeps. */

export const ROADMAP_STATES = ['planned', 'in_progress', 'in_review', 'done', 'blocked'] as const;

export type RoadmapState = (typeof ROADMAP_STATES)[number];

/**
 * The item's own lines as they were read, from its header to the line before the next item. The
 * columns beside it are what may change; what they say differently is rewritten in this text and
 * nothing else is.
 */
export interface RoadmapSource {
  text: string;
}

export interface RoadmapEntry {
  /** As people type it: '1', '2.5', '2.10' (which is not '2.1'), 'US-062'. */
  number: string;
  /** One line, trimmed, never empty. */
  title: string;
  state: RoadmapState;
  /** What people edit: without header, status line and closing rule; lines end in LF. */
  body: string;
  /** null: made by hand, written in the canonical form. */
  source: RoadmapSource | null;
}

export interface RoadmapDocument {
  /** Verbatim text before the first item. */
  preamble: string;
  /** In the order of the file, which is the order of work. */
  items: RoadmapEntry[];
}

export interface RoadmapProblem {
  /** Counted from 1. */
  line: number;
  /** An error must stop an import: the database would hold something else than the file says. */
  level: 'error' | 'warning';
  message: string;
}

/** Characters (code points) that the database takes. */
export const ROADMAP_LIMITS = { title: 500, body: 200_000, preamble: 1_000_000 } as const;

const NUMBER = /^(?:US-)?\d{1,9}(?:\.\d{1,9})?$/;

/** Whether an item may be called that. */
export function isRoadmapNumber(number: string): boolean {
  return NUMBER.test(number);
}
