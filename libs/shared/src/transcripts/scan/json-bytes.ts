/**
 * Moving about in JSON that is still bytes. A position is an index into the buffer; -1 means that what
 * stands there is no JSON. Every line ends with a line feed, which no value holds, so nothing here reads
 * beyond `end`, where that line feed is.
 */
export const FAIL = -1;

const QUOTE = 34;
const BACKSLASH = 92;
/** Beyond this the engine's own search is quicker than a loop, in spite of the call. */
const LONG = 40;

/** 1 where a string cannot simply go on: quote, backslash, control characters. */
const STOPS = new Uint8Array(256);
STOPS.fill(1, 0, 32);
STOPS[QUOTE] = 1;
STOPS[BACKSLASH] = 1;

/** From behind the opening quote to the closing one. */
export function stringEnd(b: Buffer, at: number, end: number): number {
  let p = at;
  for (;;) {
    const far = p + LONG;
    while (STOPS[b[p]!] === 0 && p < far) p += 1;
    const c = b[p]!;
    if (c === QUOTE) return p;
    if (c === BACKSLASH) p += 2;
    else if (p < far) return FAIL;
    else {
      const quote = b.indexOf(QUOTE, p);
      if (quote < 0 || quote > end) return FAIL;
      let back = quote - 1;
      while (back >= p && b[back] === BACKSLASH) back -= 1;
      // An even number of backslashes are themselves escaped; what came before p ended in none.
      if (((quote - back) & 1) === 1) return quote;
      p = quote + 1;
    }
    if (p > end) return FAIL;
  }
}

/** The same for a key. One that is written with escapes may be any: it makes the line odd. */
export function keyEnd(b: Buffer, at: number, end: number, f: { isOdd: boolean }): number {
  let p = at;
  while (STOPS[b[p]!] === 0) p += 1;
  if (b[p] === QUOTE) return p;
  f.isOdd = true;
  return stringEnd(b, p, end);
}

export function hasEscape(b: Buffer, from: number, to: number): boolean {
  for (let p = from; p < to; p += 1) if (b[p] === BACKSLASH) return true;
  return false;
}

export function skipSpace(b: Buffer, at: number): number {
  let p = at;
  while (b[p] === 32 || b[p] === 9 || b[p] === 13) p += 1;
  return p;
}

/** From the first byte of a value to behind its last one. */
export function valueEnd(b: Buffer, at: number, end: number): number {
  const first = b[at]!;
  if (first === QUOTE) {
    const quote = stringEnd(b, at + 1, end);
    return quote < 0 ? FAIL : quote + 1;
  }
  if (first === 123 || first === 91) return nestedEnd(b, at, end);
  let p = at;
  for (; p < end; p += 1) {
    const c = b[p]!;
    if (c === 44 || c === 125 || c === 93 || c === 32 || c === 13 || c === 9) break;
  }
  return p === at ? FAIL : p;
}

function nestedEnd(b: Buffer, at: number, end: number): number {
  let depth = 0;
  for (let p = at; p < end; p += 1) {
    const c = b[p]!;
    if (c === QUOTE) {
      p = stringEnd(b, p + 1, end);
      if (p < 0) return FAIL;
    } else if (c === 123 || c === 91) depth += 1;
    else if (c === 125 || c === 93) {
      depth -= 1;
      if (depth === 0) return p + 1;
    }
  }
  return FAIL;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Whether the bytes at `at` are these; the caller knows that the lengths agree. */
export function isAt(b: Buffer, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (b[at + i] !== text[i]) return false;
  return true;
}
