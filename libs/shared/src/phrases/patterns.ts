import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson } from '../config/private-file';
import { AppError } from '../errors';

export interface PhrasePattern {
  /** Stands in records and in the API: a-z, 0-9, _ and -. */
  name: string;
  /** For people. */
  display: string;
  /** A regular expression, matched anywhere, upper and lower case alike. */
  match: string;
}

/** What AbsolutelyRight has always counted. */
export const DEFAULT_PATTERNS: readonly PhrasePattern[] = [
  {
    name: 'absolutely',
    display: 'Absolutely right',
    match: "You(?:'re| are) (?:absolutely|completely) right",
  },
  { name: 'right', display: 'Right', match: "You(?:'re| are) right" },
  { name: 'perfect', display: 'Perfect!', match: 'Perfect!' },
  { name: 'excellent', display: 'Excellent!', match: 'Excellent!' },
];

const MOST = 30;
const NAME = /^[a-z][a-z0-9_-]{0,63}$/;
/** The API's flat objects have these keys for something else. */
const TAKEN = ['day', 'workstation_id', 'total_messages', 'secret', 'count', 'right_count'];

export const patternsFile = ({ config }: Paths): string => path.join(config, 'phrases.json');

/** Those of phrases.json in the config folder, which replace the default ones; throws `not_configured`. */
export function loadPatterns(paths: Paths): readonly PhrasePattern[] {
  const file = patternsFile(paths);
  const found = readPrivateJson<{ patterns?: unknown }>(
    file,
    'Mend it, or move it away to count the phrases that are always counted.',
  );
  if (found === undefined) return DEFAULT_PATTERNS;
  const { patterns } = found;
  if (!Array.isArray(patterns) || patterns.length < 1 || patterns.length > MOST)
    throw wrong(file, `needs a list of 1 to ${MOST} "patterns"`);
  const read = patterns.map((pattern: unknown) => readPattern(file, pattern));
  const twice = read.find(({ name }, i) => read.findIndex((one) => one.name === name) !== i);
  if (twice) throw wrong(file, `names "${twice.name}" twice`);
  return read;
}

function readPattern(file: string, value: unknown): PhrasePattern {
  const { name, display, match } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !NAME.test(name) || TAKEN.includes(name))
    throw wrong(file, `has a pattern whose name is not a-z, 0-9, _ and -, or is taken`);
  if (typeof match !== 'string' || match === '') throw wrong(file, `says no match for "${name}"`);
  try {
    new RegExp(match, 'i').exec('');
  } catch (error) {
    throw wrong(file, `has a match for "${name}" that is no regular expression`, error);
  }
  return { name, display: typeof display === 'string' && display !== '' ? display : name, match };
}

function wrong(file: string, what: string, cause?: unknown): AppError {
  return new AppError('not_configured', `${file} ${what}`, {
    hint: 'It looks like {"patterns":[{"name":"sorry","display":"Sorry","match":"I apologi[sz]e"}]}.',
    cause,
  });
}
