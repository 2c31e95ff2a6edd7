const QUOTE = 34;
const BACKSLASH = 92;
const LETTER_U = 117;
/** A string of more bytes than this is shortened. */
const LONG = 1 << 20;
/** What is left of it, from its beginning. */
const KEPT = 64 << 10;
/** An escape is at most this long. */
const ESCAPE = 6;

/**
 * Takes the rest out of long strings of the JSON that stands in the first `length` bytes, whose end may
 * still be to come: numbers and ids of a line stand outside of what makes it long. What follows moves
 * up, and the result is as valid as the whole was. Returns the new length.
 */
export function shortenStrings(b: Buffer, length: number): number {
  let to = 0; // up to here it is done
  let from = 0; // from here on it is copied
  for (let p = b.indexOf(QUOTE); p >= 0 && p < length;) {
    const start = p + 1;
    const close = closingQuote(b, start, length);
    // Of a string that goes on, the end stays as it is: an escape may be half there.
    const end = close < 0 ? beforeEscape(b, start, length - ESCAPE) : close;
    if (end - start > LONG) {
      const cut = beforeEscape(b, start, start + KEPT);
      b.copyWithin(to, from, cut);
      to += cut - from;
      from = end;
    }
    if (close < 0) break;
    p = b.indexOf(QUOTE, close + 1);
  }
  b.copyWithin(to, from, length);
  return to + length - from;
}

/** -1: the string does not end here. */
function closingQuote(b: Buffer, start: number, length: number): number {
  for (let at = start; ;) {
    const quote = b.indexOf(QUOTE, at);
    if (quote < 0 || quote >= length) return -1;
    if (backslashesTo(b, start, quote - 1) % 2 === 0) return quote;
    at = quote + 1;
  }
}

/** The last place up to `at` that lies in no escape. */
function beforeEscape(b: Buffer, start: number, at: number): number {
  let place = Math.max(start, at);
  while (place > start && isInEscape(b, start, place)) place -= 1;
  return place;
}

function isInEscape(b: Buffer, start: number, place: number): boolean {
  for (let i = Math.max(start, place - ESCAPE + 1); i < place; i += 1) {
    const begins = b[i] === BACKSLASH && backslashesTo(b, start, i) % 2 === 1;
    if (begins && (i === place - 1 || b[i + 1] === LETTER_U)) return true;
  }
  return false;
}

/** How many stand in a row up to and with `at`. */
function backslashesTo(b: Buffer, start: number, at: number): number {
  let back = at;
  while (back >= start && b[back] === BACKSLASH) back -= 1;
  return at - back;
}
