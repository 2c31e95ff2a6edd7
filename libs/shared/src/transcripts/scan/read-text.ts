import { FAIL, hasEscape, stringEnd, valueEnd } from './json-bytes';
import { F, NULL, WRONG, type FieldName, type LineFields } from './line-fields';

/** A text value, or the number of costUSD; its place, NULL or WRONG goes into the field. */
export function readText(
  b: Buffer,
  at: number,
  end: number,
  f: LineFields,
  field: FieldName,
): number {
  const c = b[at]!;
  if (f.at[field] !== 0) f.isOdd = true;
  if (c === 34 && field !== F.cost) {
    const quote = stringEnd(b, at + 1, end);
    f.at[field] = at + 1;
    f.to[field] = quote;
    if (quote < 0) return FAIL;
    // Of these the bytes themselves are compared.
    if ((field === F.version || field === F.speed) && hasEscape(b, at + 1, quote)) f.isOdd = true;
    return quote + 1;
  }
  const stop = valueEnd(b, at, end);
  const isNumber = field === F.cost && (c === 45 || (c >= 48 && c <= 57));
  f.at[field] = isNumber ? at : c === 110 ? NULL : WRONG;
  f.to[field] = stop;
  return stop;
}
