import type { Session } from '../db/session';
import { diffRoadmap, type ItemChange, type RoadmapDiff } from './document/diff-roadmap';
import type { RoadmapDocument, RoadmapEntry } from './document/roadmap-document';
import { leastMoves } from './least-moves';
import { readRoadmap, writeImport, type StoredItem } from './queries';

export interface RoadmapImport {
  diff: RoadmapDiff;
  /** Numbers of items that were there and change places. */
  moved: string[];
  preambleChanged: boolean;
  /** True when there is nothing to write. */
  unchanged: boolean;
}

/**
 * Brings the items of a project in line with a document, in one transaction. Deletes nothing.
 * `dryRun` only says what would happen. Throws `invalid_input` when the database refuses a value.
 */
export async function importRoadmap(
  session: Session<'person'>,
  projectId: string,
  document: RoadmapDocument,
  options: { dryRun?: boolean } = {},
): Promise<RoadmapImport> {
  const stored = await readRoadmap(session, projectId);
  const diff = diffRoadmap(document, stored.items);
  const preambleChanged = stored.preamble !== document.preamble;
  const entries = entriesOf(diff, stored.items);
  const present = [...stored.items.map(numberOf), ...diff.add.map(numberOf)];
  const moves = leastMoves(present, diff.order);
  const known = new Set(stored.items.map(numberOf));
  const result: RoadmapImport = {
    diff,
    moved: moves.map(numberOf).filter((number) => known.has(number)),
    preambleChanged,
    unchanged: entries.length === 0 && moves.length === 0 && !preambleChanged,
  };
  if (options.dryRun === true || result.unchanged) return result;
  await writeImport(session, projectId, {
    preamble: preambleChanged ? document.preamble : null,
    entries,
    movesOf: (items) => leastMoves(items.map(numberOf), diffRoadmap(document, items).order),
  });
  return result;
}

/** Whole rows, because that is what the database takes; what does not change is as it was. */
export function entriesOf(
  diff: Pick<RoadmapDiff, 'add' | 'change'>,
  items: readonly StoredItem[],
): RoadmapEntry[] {
  const byNumber = new Map(items.map((item) => [item.number, item]));
  const changed = diff.change.flatMap(({ number, fields }: ItemChange) => {
    const item = byNumber.get(number);
    if (item === undefined) return [];
    const { title, state, body, source } = { ...item, ...fields };
    return [{ number, title, state, body, source }];
  });
  return [...diff.add, ...changed];
}

const numberOf = (entry: { number: string }): string => entry.number;
