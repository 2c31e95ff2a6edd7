import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../errors';
import { NO_COUNTS } from '../../imports/import-counts';
import { diffRoadmap, isAsInFile, type ItemChange } from '../../roadmap/document/diff-roadmap';
import { parseRoadmap, type ParsedRoadmap } from '../../roadmap/document/parse-roadmap';
import { entriesOf } from '../../roadmap/import-roadmap';
import type { Move } from '../../roadmap/least-moves';
import { readRoadmap, writeImport, type StoredItem } from '../../roadmap/queries';
import type { MoveContext } from '../kinds';
import { behindNeighbours } from './behind-neighbours';

/** Whole files are read at once; coffee_maker's own has 2 MB. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * A ROADMAP.md into the project's priorities. What was said of one here since stays: only those are changed
 * that are as a file has said them. New ones come behind their neighbour of the file.
 */
export async function moveRoadmap(
  { session, tally }: MoveContext,
  projectId: string,
  file: string,
): Promise<void> {
  const name = path.basename(file);
  const document = parseRoadmap(readText(file));
  tally.read += document.items.length;
  if (refuseWhole(tally, name, document)) return;
  tally.sum('priorities', document.items.length);
  const stored = await readRoadmap(session, projectId);
  const diff = diffRoadmap(document, stored.items);
  const { change, changedHere } = chooseChanges(diff.change, stored.items, document);
  for (const number of changedHere) tally.refuse(`${name}: priority ${number}`, 'changed');
  const entries = entriesOf({ ...diff, change }, stored.items);
  if (entries.length > 0)
    await writeImport(session, projectId, {
      preamble: stored.preamble === '' ? document.preamble : null,
      entries,
      movesOf: () => movesOf(stored.items.map(numberOf), document.items.map(numberOf)),
    });
  const counts = { inserted: diff.add.length, revised: change.length };
  const told = counts.inserted + counts.revised + changedHere.length;
  tally.add({ ...NO_COUNTS, ...counts, duplicate: document.items.length - told });
  if (diff.unheld.length > 0)
    tally.notes.add(
      `In work or in review in ${name}, but no daemon has them: ${diff.unheld.join(', ')}. ` +
        'coffee-roadmap roadmap block, then retry, plans one anew.',
    );
}

/** The database would hold something else than a file with errors says: all of it is left out then. */
function refuseWhole(
  tally: MoveContext['tally'],
  name: string,
  { problems, items }: ParsedRoadmap,
): boolean {
  const errors = problems.filter(({ level }) => level === 'error');
  if (errors.length === 0) return false;
  tally.list(errors.map(({ line, message }) => ({ row: `${name} line ${line}`, reason: message })));
  const refused = items.length;
  tally.add({ ...NO_COUNTS, refused, reasons: { roadmap: refused } });
  tally.notes.add(`${name} is left out: mend the lines that are named, then move it in again.`);
  return true;
}

/**
 * Those of which the file says something new; `changedHere`: the numbers of those of which something was said
 * here besides. What only was said here is none of the file's.
 */
function chooseChanges(
  changes: readonly ItemChange[],
  stored: readonly StoredItem[],
  document: ParsedRoadmap,
): { change: ItemChange[]; changedHere: string[] } {
  const here = new Map(stored.map((item) => [item.number, item]));
  const there = new Map(document.items.map((entry) => [entry.number, entry]));
  const said = changes.filter(({ number }) => {
    const [before, now] = [here.get(number)!.source, there.get(number)!.source];
    return before === null || before.text.trimEnd() !== now?.text.trimEnd();
  });
  const change = said.filter(({ number }) => isAsInFile(here.get(number)!));
  const changedHere = said.map(numberOf).filter((number) => !isAsInFile(here.get(number)!));
  return { change, changedHere };
}

/** Nothing that was there changes places. New ones are at the end, in the order of the file. */
function movesOf(known: readonly string[], inFile: readonly string[]): Move[] {
  const there = new Set(known);
  const order = behindNeighbours(known, inFile);
  const moves: Move[] = [];
  let atEnd = true;
  for (let i = order.length - 1; i >= 0; i--) {
    const number = order[i]!;
    if (there.has(number)) atEnd = false;
    else if (!atEnd) moves.push({ number, before: order[i + 1]! });
  }
  return moves;
}

const numberOf = ({ number }: { number: string }): string => number;

function readText(file: string): string {
  if (statSync(file).size > MOST_BYTES)
    throw new AppError('invalid_input', `${file} is larger than any roadmap`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    throw new AppError('invalid_input', `${file} is not UTF-8 text`, {
      hint: 'Convert it first: iconv -t UTF-8.',
      cause: error,
    });
  }
}
