import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';

/** Columns of the time and the space behind it. */
export const MARGIN = 10;

/** What happened at a time, and below it what belongs to it. */
export function feedLines(
  { colours }: Pick<Output, 'colours'>,
  at: Date,
  first: string,
  more: string[] = [],
): string {
  const time = colours.dim(at.toTimeString().slice(0, 8));
  const below = ' '.repeat(MARGIN + 2);
  return [`${time}  ${first}`, ...more.map((line) => `${below}${line}`)].join('\n');
}

/** ` -p shop` where a command has to be told which project; nothing where there is one only. */
export function projectFlag(name: string, several: boolean): string {
  if (!several) return '';
  const plain = stripEscapes(name);
  return ` -p ${/^[\w.-]+$/.test(plain) ? plain : JSON.stringify(plain)}`;
}
