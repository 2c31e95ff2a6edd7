import { isInstant } from './record-id';

/** A check of one field; what is wrong with the value in a few words, undefined where nothing is. */
export interface Field {
  check: (value: unknown) => string | undefined;
  /** Left out of the line it is null. */
  nullable: boolean;
}

/** Names and ids end in keys of tables: printable ASCII without spaces. */
const PRINTABLE = /^[\x21-\x7e]+$/;
/** Control characters, and halves of characters, which Postgres refuses in a text. */
const CONTROL = /\p{Cc}/u;
const MOST_TOKENS = 1_000_000_000_000;
const DECIMAL = /^\d{1,9}(?:\.\d{1,18})?$/;

const field = (check: Field['check']): Field => ({ check, nullable: false });

export const orNull = ({ check }: Field): Field => ({
  nullable: true,
  check: (value) => (value === null ? undefined : check(value)),
});

/** Printable ASCII of 1 to `most` characters. */
export const name = (most: number): Field =>
  field((value) => {
    if (typeof value !== 'string') return 'is no text';
    if (value.length < 1 || value.length > most) return `is not 1 to ${most} characters long`;
    return PRINTABLE.test(value) ? undefined : 'holds other than printable ASCII';
  });

/** Any text of 1 to `most` UTF-16 units, without control characters. */
export const text = (most: number): Field =>
  field((value) => {
    if (typeof value !== 'string') return 'is no text';
    if (value.length < 1 || value.length > most) return `is not 1 to ${most} characters long`;
    if (CONTROL.test(value)) return 'holds control characters';
    return isWellFormed(value) ? undefined : 'holds half a character';
  });

/** The same with line feeds and tabs: what people write. */
export const prose = (most: number): Field =>
  field((value) =>
    text(most).check(typeof value === 'string' ? value.replace(/[\n\t]/g, ' ') : value),
  );

export const instant = field((value) =>
  typeof value === 'string' && isInstant(value) ? undefined : 'is no moment in UTC',
);

export const tokens = field((value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST_TOKENS
    ? undefined
    : `is no whole number from 0 to ${MOST_TOKENS}`,
);

export const yesOrNo = field((value) =>
  typeof value === 'boolean' ? undefined : 'is neither true nor false',
);

export const decimal = field((value) =>
  typeof value === 'string' && DECIMAL.test(value) ? undefined : 'is no decimal number as text',
);

export const oneOf = (choices: readonly string[]): Field =>
  field((value) =>
    typeof value === 'string' && choices.includes(value)
      ? undefined
      : `is none of ${choices.join(', ')}`,
  );

/** Sorted and without repetition, so that the same set is the same bytes. */
export const sortedNames = (mostNames: number, mostLength: number): Field =>
  field((value) => {
    if (!Array.isArray(value) || value.length < 1 || value.length > mostNames)
      return `is no list of 1 to ${mostNames} names`;
    const one = name(mostLength);
    const wrong = value.map((item) => one.check(item)).find((found) => found !== undefined);
    if (wrong !== undefined) return `has a name that ${wrong}`;
    return value.every((item, i) => i === 0 || value[i - 1] < item)
      ? undefined
      : 'is not sorted, or repeats a name';
  });

function isWellFormed(value: string): boolean {
  return !/[\ud800-\udfff]/u.test(value);
}
