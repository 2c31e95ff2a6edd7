/** Text cut into lines in such a way that it can be put together again to the byte. */

export interface Line {
  text: string;
  /** '\n', '\r\n', or '' at the end of a text without a final newline; stray '\r' stay in it. */
  eol: string;
}

const CR = 13;

export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    let stop = newline < 0 ? end : newline;
    while (stop > start && text.charCodeAt(stop - 1) === CR) stop--;
    lines.push({ text: text.slice(start, stop), eol: text.slice(stop, end) });
    start = end;
  }
  return lines;
}

/** Puts lines together; one that lost its line ending inside the text gets `eol`. */
export function joinLines(lines: readonly Line[], eol: string): string {
  return lines
    .map((line, i) =>
      line.eol.endsWith('\n') || i === lines.length - 1 ? line.text + line.eol : line.text + eol,
    )
    .join('');
}

export function toLines(text: string, eol: string): Line[] {
  return splitLines(text).map((line) => ({ text: line.text, eol }));
}

/** The first line ending of the text; undefined where it has none. */
export function eolOf(text: string): '\n' | '\r\n' | undefined {
  const newline = text.indexOf('\n');
  if (newline < 0) return undefined;
  return text.charCodeAt(newline - 1) === CR ? '\r\n' : '\n';
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** The body as a column holds it: LF alone, no blank lines around it. */
export function cleanBody(body: string): string {
  const lines = splitLines(body).map((line) => line.text);
  const last = lines.findLastIndex((line) => !isBlank(line));
  if (last < 0) return '';
  const first = lines.findIndex((line) => !isBlank(line));
  return lines.slice(first, last + 1).join('\n');
}

/** What some editors put before the first line; it belongs to no line. */
export const BOM = '\uFEFF';
