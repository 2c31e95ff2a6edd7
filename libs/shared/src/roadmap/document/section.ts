/** One item's own lines, taken apart. Reading and rewriting both start here. */
import { endsItem, unescapeBody } from './body-text';
import { scanCode } from './code-blocks';
import type { Header } from './header';
import { readHeader } from './header';
import type { Line } from './lines';
import { isBlank, splitLines } from './lines';
import type { RoadmapState } from './roadmap-document';
import type { StatusLine } from './status-line';
import { readStatusLine, STATUS_REACH } from './status-line';

const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;

export interface Section {
  lines: Line[];
  header: Header;
  /** Where the status line is, and what it says. */
  status: (StatusLine & { at: number }) | null;
  /** null: neither status line nor header says anything that is understood. */
  said: RoadmapState | null;
  state: RoadmapState;
  body: string;
  /** Indexes of the body's lines, without the status line that may stand among them. */
  bodyAt: number[];
  /** Where the text behind the item begins: a heading, and all below it. */
  tailAt: number;
  /** A line that would close the code block which is open at the end. */
  unclosed: string | null;
}

/** undefined: the text does not begin with the header of an item. */
export function readSection(text: string): Section | undefined {
  const lines = splitLines(text);
  const header = readHeader(lines[0]?.text ?? '');
  return header === undefined ? undefined : takeApart(lines, header);
}

/** The lines of one item, of which the header has been read. */
export function takeApart(lines: Line[], header: Header): Section {
  const { isCode, open } = scanCode(lines);
  const textAt = (i: number) => lines[i]?.text ?? '';
  const codeAt = (i: number) => isCode[i] === true;

  let tailAt = 1;
  while (tailAt < lines.length && (codeAt(tailAt) || !endsItem(textAt(tailAt)))) tailAt++;

  let status: Section['status'] = null;
  for (let i = 1; i < tailAt && i <= STATUS_REACH && status === null; i++) {
    const read = codeAt(i) ? undefined : readStatusLine(textAt(i));
    if (read !== undefined) status = { ...read, at: i };
  }

  const content: number[] = [];
  for (let i = 1; i < tailAt; i++) if (i !== status?.at) content.push(i);
  const bodyAt = withoutRule(content, textAt, codeAt);
  const said = status === null ? header.state : status.state;
  return {
    lines,
    header,
    status,
    said,
    state: said ?? 'planned',
    body: unescapeBody(bodyAt.map((i) => ({ text: textAt(i), isCode: codeAt(i) }))),
    bodyAt,
    tailAt,
    unclosed: open?.closing ?? null,
  };
}

/** Drops blank lines around, and one rule at the end. */
function withoutRule(
  content: number[],
  textAt: (i: number) => string,
  codeAt: (i: number) => boolean,
): number[] {
  const filled = (end: number) => content.findLastIndex((i, k) => k < end && !isBlank(textAt(i)));
  let last = filled(content.length);
  const closing = content[last];
  if (closing !== undefined && !codeAt(closing) && RULE.test(textAt(closing))) last = filled(last);
  const first = content.findIndex((i) => !isBlank(textAt(i)));
  return last < 0 ? [] : content.slice(first, last + 1);
}
