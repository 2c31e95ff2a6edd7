import { nameInLines } from './called-as';
import type { Colours } from './terminal/colour';
import type { Streams } from './context';

/** Where results go. Text that came from elsewhere has to be stripped of escapes before. */
export interface Output {
  readonly json: boolean;
  readonly colours: Colours;
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  /** The one result of a command: a document with --json, else text. */
  result(document: object, text: () => string): void;
  /** One of many results: a line of NDJSON with --json, else text. */
  event(document: object, text: () => string): void;
  /** Plain text, also with --json: for what is a file and no document. */
  raw(text: string): void;
  /** To the person, on stderr; no part of the result. */
  say(text: string): void;
}

export function createOutput(
  { stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>,
  options: { json: boolean; colours: Colours; command: string },
): Output {
  const { json, colours, command } = options;
  const named = (text: string): string => nameInLines(text, command);
  const line = (text: string): void => void stdout.write(text === '' ? '' : `${text}\n`);
  return {
    json,
    colours,
    // Some terminals say that they have 0 columns.
    width: stdout.columns || 80,
    result: (document, text) => line(json ? toJson(document, 2) : named(text())),
    event: (document, text) => line(json ? toJson(document) : named(text())),
    raw: (text) => void stdout.write(text),
    say: (text) => void stderr.write(`${named(text)}\n`),
  };
}

/** JSON leaves these as they are, and a terminal may obey them. */
const OBEYED = /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The same value, with every character written out that could move a cursor or hide text. */
export function toJson(value: object, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
