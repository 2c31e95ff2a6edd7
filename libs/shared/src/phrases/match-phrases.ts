import type { PhrasePattern } from './patterns';

/**
 * The matches of a JSON string's inside as bits, in the order of the patterns. `decode` turns it into
 * the text that it stands for; it is called only where that can matter.
 */
export type PhraseMatcher = (raw: string, decode: (raw: string) => string) => number;

/** Typing and typesetting differ, what was said does not. */
const straighten = (text: string): string =>
  text.includes('’') ? text.replaceAll('’', "'") : text;

/** Patterns of words alone match the same, escaped or not. */
const WORDS_ALONE = /^[A-Za-z0-9 !'?:|()]*$/;

export function createMatcher(patterns: readonly Pick<PhrasePattern, 'match'>[]): PhraseMatcher {
  const sources = patterns.map(({ match }) => straighten(match));
  const expressions = sources.map((source) => new RegExp(source, 'i'));
  const wordsAlone = sources.every((source) => WORDS_ALONE.test(source));
  const any = wordsAlone ? new RegExp(sources.join('|'), 'i') : /(?:)/;
  return (raw, decode) => {
    if (wordsAlone && !raw.includes('\\u') && !any.test(straighten(raw))) return 0;
    const text = straighten(decode(raw));
    let found = 0;
    for (let i = 0; i < expressions.length; i += 1) if (expressions[i]!.test(text)) found |= 1 << i;
    return found;
  };
}

/** The names of the bits, sorted. */
export function namesOf(patterns: readonly Pick<PhrasePattern, 'name'>[], bits: number): string[] {
  return patterns
    .filter((_, i) => (bits & (1 << i)) !== 0)
    .map(({ name }) => name)
    .sort();
}
