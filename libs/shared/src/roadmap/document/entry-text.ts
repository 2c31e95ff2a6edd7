/** An item as lines of a file: its verbatim source with the least that has to be rewritten. */
import { escapeBody } from './body-text';
import { canonicalHeader, cleanTitle, rewriteHeader } from './header';
import type { Line } from './lines';
import { cleanBody, eolOf, isBlank, joinLines } from './lines';
import type { RoadmapEntry } from './roadmap-document';
import type { Section } from './section';
import { readSection } from './section';
import { canonicalStatusLine, rewriteStatusLine } from './status-line';

type Wanted = Pick<RoadmapEntry, 'number' | 'title' | 'state' | 'body'>;

function says(section: Section | undefined, wanted: Wanted): boolean {
  return (
    section !== undefined &&
    section.header.number === wanted.number &&
    section.header.title === wanted.title &&
    section.state === wanted.state &&
    section.body === wanted.body
  );
}

const blank = (eol: string): Line => ({ text: '', eol });

function canonicalLines(wanted: Wanted, eol: string): Line[] {
  const body = wanted.body === '' ? [] : [...escapeBody(wanted.body, eol), blank(eol)];
  return [
    { text: canonicalHeader(wanted.number, wanted.title, wanted.state), eol },
    blank(eol),
    { text: canonicalStatusLine(wanted.state), eol },
    blank(eol),
    ...body,
    { text: '---', eol },
  ];
}

/** Header and status line as they are, except for what differs. */
function rewrittenLines(section: Section, wanted: Wanted): Line[] {
  const { lines, header, status } = section;
  const moved = wanted.state !== section.state;
  return lines.map((line, i) => {
    if (i === 0) {
      const state = moved ? wanted.state : null;
      const change = { ...wanted, state, mark: status === null };
      return { ...line, text: rewriteHeader(line.text, header, change) };
    }
    if (i !== status?.at || !moved || status.state === wanted.state) return line;
    return { ...line, text: rewriteStatusLine(line.text, wanted.state) };
  });
}

/** Puts another body where the old one was; undefined where that cannot be said. */
function withBody(section: Section, lines: Line[], wanted: Wanted, eol: string) {
  if (section.body === wanted.body) return lines;
  const first = section.bodyAt[0];
  const last = section.bodyAt.at(-1);
  const statusAt = section.status?.at ?? 0;
  const body = escapeBody(wanted.body, eol);
  if (first === undefined || last === undefined) {
    const behind = lines.slice(statusAt + 1);
    const gap = behind[0] === undefined || isBlank(behind[0].text) ? [] : [blank(eol)];
    return [...lines.slice(0, statusAt + 1), blank(eol), ...body, ...gap, ...behind];
  }
  if (statusAt < first || statusAt > last) {
    return [...lines.slice(0, first), ...body, ...lines.slice(last + 1)];
  }
  // The status line stays among the lines of the body that were before it, if they still are.
  const before = statusAt - first;
  const kept = body.slice(0, before).every((line, i) => line.text === lines[first + i]?.text);
  if (!kept || body.length < before) return undefined;
  return [...lines.slice(0, statusAt + 1), ...body.slice(before), ...lines.slice(last + 1)];
}

/**
 * The text of one item. Never fails: what cannot be put into the source as it stands is written in
 * the canonical form, with the text behind the item kept. Title and body are cleaned; the number
 * must satisfy isRoadmapNumber. `eol` is for items made by hand.
 */
export function entryText(entry: RoadmapEntry, eol: string = '\n'): string {
  const wanted = { ...entry, title: cleanTitle(entry.title), body: cleanBody(entry.body) };
  const source = entry.source?.text ?? '';
  const section = readSection(source);
  if (section === undefined) return joinLines(canonicalLines(wanted, eol), eol);
  if (says(section, wanted)) return source;
  const own = eolOf(source) ?? eol;
  const lines = withBody(section, rewrittenLines(section, wanted), wanted, own);
  if (lines !== undefined) {
    const text = joinLines(lines, own);
    const read = readSection(text);
    if (says(read, wanted) && tailOf(read, own) === tailOf(section, own)) return text;
  }
  const tail = section.lines.slice(section.tailAt);
  const gap = tail.length === 0 ? [] : [blank(own)];
  return joinLines([...canonicalLines(wanted, own), ...gap, ...tail], own);
}

function tailOf(section: Section | undefined, eol: string): string {
  return section === undefined ? '' : joinLines(section.lines.slice(section.tailAt), eol);
}
