import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';

export interface Finding {
  /** What was looked at, in a word or two. */
  check: string;
  state: 'ok' | 'warn' | 'fail';
  message: string;
  /** The next step; not where all is well. */
  hint?: string;
}

const NAME_WIDTH = 12;

/** One line a finding, and the next step below those that are not well. */
export function renderFindings(
  { colours, width }: Pick<Output, 'colours' | 'width'>,
  findings: readonly Finding[],
): string {
  const paint = { ok: colours.green, warn: colours.yellow, fail: colours.red };
  const indent = 6 + NAME_WIDTH;
  return findings
    .flatMap(({ check, state, message, hint }) => [
      `${paint[state](state.padEnd(4))}  ${fold(`${check.padEnd(NAME_WIDTH)}${stripEscapes(message)}`, width - 6, indent)}`,
      ...(hint === undefined
        ? []
        : [
            `${' '.repeat(indent)}${colours.dim(fold(`→ ${stripEscapes(hint)}`, width - indent, indent + 2))}`,
          ]),
    ])
    .join('\n');
}

/** Breaks at spaces; words that are longer than a line, such as paths, stay whole. */
export function fold(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(/(?<=\S)(?= )/)) {
    const room = lines.length === 0 ? width : width - Math.max(0, indent - 6);
    if (line !== '' && line.length + part.length > room) {
      lines.push(line);
      line = part.trimStart();
    } else {
      line += part;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
