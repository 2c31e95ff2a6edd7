import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { widthOf } from '../../terminal/width';

export interface Finding {
  /** What was looked at, in a word or two. */
  check: string;
  state: 'ok' | 'warn' | 'fail';
  message: string;
  /** The next step; not where all is well. */
  hint?: string;
}

const STATE_WIDTH = 6;
const NAME_WIDTH = 12;

/** One line a finding, and the next step below those that are not well. */
export function renderFindings(
  { colours, width }: Pick<Output, 'colours' | 'width'>,
  findings: readonly Finding[],
): string {
  const paint = { ok: colours.green, warn: colours.yellow, fail: colours.red };
  const margin = ' '.repeat(STATE_WIDTH + NAME_WIDTH);
  return findings
    .flatMap(({ check, state, message, hint }) => {
      const lines = fold(stripEscapes(message), width - margin.length);
      const start = `${paint[state](state.padEnd(STATE_WIDTH))}${check.padEnd(NAME_WIDTH)}`;
      // A hint is never broken: it may be a command to copy.
      const next = hint === undefined ? [] : [`${margin}${colours.dim(`→ ${stripEscapes(hint)}`)}`];
      return [`${start}${lines.join(`\n${margin}`)}`, ...next];
    })
    .join('\n');
}

/** Lines of at most `width` columns, broken at spaces; longer words, such as paths, stay whole. */
export function fold(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
