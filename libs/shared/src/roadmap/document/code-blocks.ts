/**
 * Which lines are code or commented out: nothing in there is a header, a status or a heading.
 * Fences as in CommonMark, but indented at will, because they stand in lists.
 */

interface Opening {
  mark: string;
  length: number;
}

const FENCE = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})/;
const CLOSING = /^[ \t]*(`{3,}|~{3,})[ \t]*$/;
const COMMENT = { mark: '<!--', length: 0 };

function openingOf(line: string): Opening | undefined {
  if (line.trimStart().startsWith(COMMENT.mark)) return line.includes('-->') ? undefined : COMMENT;
  const found = FENCE.exec(line);
  const fence = found?.[1];
  if (found === null || fence === undefined) return undefined;
  const mark = fence.charAt(0);
  // ```like this``` is a code span, not a fence.
  if (mark === '`' && line.includes('`', found[0].length)) return undefined;
  return { mark, length: fence.length };
}

/** Whether the line would begin a code block or a comment that goes beyond it. */
export function opensCode(line: string): boolean {
  return openingOf(line) !== undefined;
}

function closes(line: string, opening: Opening): boolean {
  if (opening === COMMENT) return line.includes('-->');
  const fence = CLOSING.exec(line)?.[1];
  return fence !== undefined && fence.startsWith(opening.mark) && fence.length >= opening.length;
}

export interface CodeScan {
  /** One per line; opening and closing lines are code too. */
  isCode: boolean[];
  /** What is still open at the end: its line, from 0, and a line that would close it. */
  open: { line: number; closing: string } | null;
}

export function scanCode(lines: readonly { text: string }[]): CodeScan {
  const isCode: boolean[] = [];
  let opening: Opening | undefined;
  let openedAt = 0;
  lines.forEach(({ text }, i) => {
    if (opening === undefined) {
      opening = openingOf(text);
      openedAt = i;
      isCode.push(opening !== undefined);
      return;
    }
    isCode.push(true);
    if (closes(text, opening)) opening = undefined;
  });
  if (opening === undefined) return { isCode, open: null };
  const closing = opening === COMMENT ? '-->' : opening.mark.repeat(opening.length);
  return { isCode, open: { line: openedAt, closing } };
}
