/**
 * The header of an item. One pattern for all forms that files use:
 *
 *   ### 🔴 **PRIORITY 2.5: Title** ⚡     ## PRIORITY 20: Title ✅ Complete (2025-10-12)
 *   ### PRIORITY 1: Title [📝 Planned]    ### US-062: Title      ## US-110: Title
 */
import { phraseAt, signOf, signsIn, stateOfStatus, statusTextOf } from './status-words';
import type { RoadmapState } from './roadmap-document';

interface Range {
  start: number;
  end: number;
}

/** A place in the header that names a state; the first one counts. */
interface Mark extends Range {
  kind: 'bracket' | 'text' | 'sign';
  state: RoadmapState;
}

export interface Header {
  number: string;
  title: string;
  /** null: the header is silent. */
  state: RoadmapState | null;
  label: Range;
  titleRange: Range;
  marks: Mark[];
}

const PREFIX =
  /^#{2,3}[ \t]+((?:[^\p{L}\p{N}\s*#[\]`]+[ \t]+)*)(\*\*)?((?:PRIORITY[ \t]+)(\d{1,9}(?:\.\d{1,9})?)|US-\d{1,9}(?:\.\d{1,9})?)[ \t]*:/u;
const NEARLY = /^[ \t]*#{1,6}[^\p{L}\p{N}]*(?:priority[ \t]+\d|us-\d)/iu;

/** What a header may call an item: one line without control characters, never empty. */
export function cleanTitle(title: string): string {
  return title.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() || 'Untitled';
}

/** A heading that a person would take for an item although the grammar does not. */
export function isNearlyHeader(line: string): boolean {
  return NEARLY.test(line) && readHeader(line) === undefined;
}

function bracketMark(text: string, offset: number): Mark | undefined {
  if (!text.endsWith(']')) return undefined;
  const open = text.lastIndexOf('[');
  const state = open < 0 ? undefined : stateOfStatus(text.slice(open + 1, -1));
  if (state === undefined) return undefined;
  return { kind: 'bracket', state, start: offset + open, end: offset + text.length };
}

/** A sign alone at the end, or one with the words of a state behind it; else it is part of a title. */
function textMark(text: string, offset: number): Mark | undefined {
  for (const sign of signsIn(text)) {
    const state = sign.end === text.length ? sign.state : phraseAt(text, sign.end);
    if (state === undefined) continue;
    return { kind: 'text', state, start: offset + sign.start, end: offset + text.length };
  }
  return undefined;
}

function trailingMark(line: string, start: number, end: number): Mark | undefined {
  const text = line.slice(start, end).trimEnd();
  return bracketMark(text, start) ?? textMark(text, start);
}

function signMark(decoration: string, offset: number): Mark | undefined {
  for (const sign of signsIn(decoration)) {
    return { kind: 'sign', state: sign.state, start: offset + sign.start, end: offset + sign.end };
  }
  return undefined;
}

/** Reads one line; undefined: not the header of an item. */
export function readHeader(line: string): Header | undefined {
  const found = PREFIX.exec(line);
  if (found === null) return undefined;
  const [prefix, decoration = '', bold, label = '', digits] = found;
  const text = line.trimEnd();
  let from = prefix.length;
  let closing = bold === undefined ? -1 : text.indexOf('**', from);
  if (closing >= 0 && text.slice(from, closing).trim() === '') {
    // '**PRIORITY 1:** Title': bold is the label alone.
    from = closing + 2;
    closing = -1;
  }
  const outside = closing < 0 ? undefined : trailingMark(text, closing + 2, text.length);
  let end = closing < 0 ? text.length : closing;
  const inside = outside === undefined ? trailingMark(text, from, end) : undefined;
  if (inside !== undefined) end = inside.start;
  const raw = text.slice(from, end);
  if (raw.trim() === '') return undefined;
  const start = from + raw.length - raw.trimStart().length;
  const labelStart = prefix.lastIndexOf(label);
  const marks = [outside, inside, signMark(decoration, prefix.indexOf(decoration))];
  const read = marks.filter((mark) => mark !== undefined);
  return {
    number: digits ?? label,
    title: cleanTitle(raw),
    state: read[0]?.state ?? null,
    label: { start: labelStart, end: labelStart + label.length },
    titleRange: { start, end: start + raw.trim().length },
    marks: read,
  };
}

const labelOf = (number: string) => (number.startsWith('US-') ? number : `PRIORITY ${number}`);

function markText(mark: Mark, state: RoadmapState): string {
  if (mark.kind === 'sign') return signOf(state);
  return mark.kind === 'bracket' ? `[${statusTextOf(state)}]` : statusTextOf(state);
}

export interface HeaderChange {
  number: string;
  title: string;
  /** null: leave the marks alone. */
  state: RoadmapState | null;
  /** Put a mark where there is none. */
  mark: boolean;
}

/** The line with only what differs rewritten. It may not read back: the caller has to look. */
export function rewriteHeader(line: string, header: Header, change: HeaderChange): string {
  const { number, title, state } = change;
  const edits: (Range & { text: string })[] = [];
  if (number !== header.number) edits.push({ ...header.label, text: labelOf(number) });
  if (title !== header.title) edits.push({ ...header.titleRange, text: title });
  if (state !== null) {
    for (const mark of header.marks) {
      if (mark.state !== state) edits.push({ ...mark, text: markText(mark, state) });
    }
    const end = line.trimEnd().length;
    if (change.mark && header.marks.length === 0) {
      edits.push({ start: end, end, text: ` [${statusTextOf(state)}]` });
    }
  }
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((text, e) => text.slice(0, e.start) + e.text + text.slice(e.end), line);
}

/** '### PRIORITY 2.5: Title'; with a mark where the title would be read as if it had one. */
export function canonicalHeader(number: string, title: string, state: RoadmapState): string {
  const plain = `### ${labelOf(number)}: ${title}`;
  const read = readHeader(plain);
  const holds = read?.title === title && read.marks.length === 0;
  return holds ? plain : `${plain} [${statusTextOf(state)}]`;
}
