/**
 * A body may hold any line, also one that would end the item. In the file such a line carries a
 * backslash more than in the body, which Markdown shows as the line itself.
 */
import { opensCode, scanCode } from './code-blocks';
import { readHeader } from './header';
import type { Line } from './lines';
import { splitLines } from './lines';

const SECTION = /^#{1,2}(?:[ \t]|$)/;

/** Whether an item ends before this line, which is not code. */
export function endsItem(line: string): boolean {
  return SECTION.test(line) || readHeader(line) !== undefined;
}

function bare(line: string): string {
  let at = 0;
  while (line.charAt(at) === '\\') at++;
  return line.slice(at);
}

const isSpecial = (line: string) => endsItem(line) || opensCode(line);

/** The lines of a cleaned body as the file holds them. */
export function escapeBody(body: string, eol: string): Line[] {
  const lines = splitLines(body);
  const { isCode, open } = scanCode(lines);
  // A block that is never closed would swallow the items behind: from there on nothing is code.
  const openAt = open?.line ?? lines.length;
  return lines.map(({ text }, i) => {
    if (isCode[i] === true && i < openAt) return { text, eol };
    const rest = bare(text);
    const escaped = i >= openAt || text !== rest ? isSpecial(rest) : endsItem(text);
    return { text: escaped ? `\\${text}` : text, eol };
  });
}

/** The body of lines of a file; `isCode` beside each. */
export function unescapeBody(lines: readonly { text: string; isCode: boolean }[]): string {
  return lines
    .map(({ text, isCode }) =>
      !isCode && text.startsWith('\\') && isSpecial(bare(text)) ? text.slice(1) : text,
    )
    .join('\n');
}
