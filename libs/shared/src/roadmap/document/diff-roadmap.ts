import { entryText } from './entry-text';
import { cleanTitle } from './header';
import { cleanBody, isBlank, splitLines } from './lines';
import type {
  RoadmapDocument,
  RoadmapEntry,
  RoadmapSource,
  RoadmapState,
} from './roadmap-document';

/** An item as the database has it. */
export interface ExistingItem extends RoadmapEntry {
  /** Whether a daemon has a lease on it at this moment. */
  held?: boolean;
}

export interface ItemChange {
  number: string;
  /** Only what differs. `source` alone: the file says the same in other words. */
  fields: { title?: string; state?: RoadmapState; body?: string; source?: RoadmapSource };
}

/** A state that the file asks for and does not get. */
export interface KeptState {
  number: string;
  state: RoadmapState;
  inFile: RoadmapState;
  reason: 'held' | 'not_for_files';
}

export interface RoadmapDiff {
  add: RoadmapEntry[];
  change: ItemChange[];
  /** Numbers of items of which nothing would be written. */
  same: string[];
  /** Numbers that only the database has: an import deletes nothing. */
  missingInFile: string[];
  kept: KeptState[];
  /** Numbers in `add` that are being worked on or under review without anybody who does it. */
  unheld: string[];
  /** All numbers in the order that the file asks for; what it lacks stays behind its neighbour. */
  order: string[];
  /** Whether items that are already there would change places. */
  moved: boolean;
}

/** What a file may say and unsay. Work and review begin and end with who does them. */
const FOR_FILES: ReadonlySet<RoadmapState> = new Set(['planned', 'blocked', 'done']);

/**
 * What an import of the document would do to the items of a project, `existing` being in their
 * order. The file wins over title and body, and over the state as long as it is planned, blocked or
 * done on both sides and no daemon holds the item. Of two items with one number the first counts;
 * parseRoadmap reports the second as an error.
 */
export function diffRoadmap(
  document: RoadmapDocument,
  existing: readonly ExistingItem[],
): RoadmapDiff {
  const inFile = new Map<string, RoadmapEntry>();
  for (const entry of document.items) {
    if (!inFile.has(entry.number)) inFile.set(entry.number, entry);
  }
  const known = new Map(existing.map((item) => [item.number, item]));
  const diff: RoadmapDiff = {
    add: [],
    change: [],
    same: [],
    missingInFile: [...known.keys()].filter((number) => !inFile.has(number)),
    kept: [],
    unheld: [],
    ...orderOf([...inFile.keys()], [...known.keys()]),
  };
  for (const [number, entry] of inFile) {
    const item = known.get(number);
    if (item === undefined) {
      diff.add.push(entry);
      if (!FOR_FILES.has(entry.state)) diff.unheld.push(number);
      continue;
    }
    const kept = keptState(item, entry);
    if (kept !== undefined) diff.kept.push(kept);
    const fields = changedFields(item, entry, kept === undefined);
    if (Object.keys(fields).length === 0) diff.same.push(number);
    else diff.change.push({ number, fields });
  }
  return diff;
}

function keptState(item: ExistingItem, entry: RoadmapEntry): KeptState | undefined {
  if (item.state === entry.state) return undefined;
  const free = FOR_FILES.has(item.state) && FOR_FILES.has(entry.state);
  if (free && item.held !== true) return undefined;
  const reason = item.held === true ? 'held' : 'not_for_files';
  return { number: item.number, state: item.state, inFile: entry.state, reason };
}

function changedFields(item: ExistingItem, entry: RoadmapEntry, withState: boolean) {
  const fields: ItemChange['fields'] = {};
  if (cleanTitle(item.title) !== entry.title) fields.title = entry.title;
  if (withState && item.state !== entry.state) fields.state = entry.state;
  if (cleanBody(item.body) !== entry.body) fields.body = entry.body;
  if (entry.source !== null && !alreadySays(item.source, entry, entry.source.text)) {
    fields.source = entry.source;
  }
  return fields;
}

/**
 * Whether the stored source would come out as the file's text once the fields are the file's. Blank
 * lines behind it do not count: they come and go with the neighbour.
 */
function alreadySays(source: RoadmapSource | null, entry: RoadmapEntry, text: string): boolean {
  const written = entryText({ ...entry, source });
  if (text.startsWith(written) && isBlank(text.slice(written.length))) return true;
  return source === null && plain(written) === plain(text);
}

/** Whether nothing was said of an item since a file said it. */
export function isAsInFile({ source, ...item }: ExistingItem): boolean {
  return source !== null && alreadySays(source, { ...item, source }, source.text);
}

/** An item made by hand has no line endings of its own. */
const plain = (text: string) =>
  splitLines(text)
    .map((line) => line.text)
    .join('\n')
    .trimEnd();

function orderOf(inFile: string[], known: string[]): Pick<RoadmapDiff, 'order' | 'moved'> {
  const listed = new Set(inFile);
  const behind = new Map<string | undefined, string[]>();
  let neighbour: string | undefined;
  for (const number of known) {
    if (listed.has(number)) neighbour = number;
    else if (behind.has(neighbour)) behind.get(neighbour)?.push(number);
    else behind.set(neighbour, [number]);
  }
  const order = [undefined, ...inFile].flatMap((number) => [
    ...(number === undefined ? [] : [number]),
    ...(behind.get(number) ?? []),
  ]);
  const before = new Set(known);
  const stayed = order.filter((number) => before.has(number));
  return { order, moved: stayed.some((number, i) => number !== known[i]) };
}
