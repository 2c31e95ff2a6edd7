import { createHash } from 'node:crypto';

const QUOTE = 34;
const BACKSLASH = 92;
/** From here on the engine's own copy is quicker than a loop, in spite of the call. */
const LONG = 40;
const ID = /^[\x21-\x7e]{1,200}$/;

/** Records as they are put together: bytes that grow, with JSON texts copied from a log. */
export class RecordBytes {
  bytes: Buffer;
  length = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  ensure(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  put(text: Uint8Array): void {
    this.ensure(text.length);
    const { bytes } = this;
    if (text.length > LONG) {
      bytes.set(text, this.length);
      this.length += text.length;
      return;
    }
    let to = this.length;
    for (let i = 0; i < text.length; i += 1) bytes[to++] = text[i]!;
    this.length = to;
  }

  putAll(other: RecordBytes): void {
    this.ensure(other.length);
    if (other.length > LONG * 4) other.bytes.copy(this.bytes, this.length, 0, other.length);
    else for (let i = 0; i < other.length; i += 1) this.bytes[this.length + i] = other.bytes[i]!;
    this.length += other.length;
  }

  /** Takes out what stands there. */
  cut(at: number, length: number): void {
    this.bytes.copyWithin(at, at + length, this.length);
    this.length -= length;
  }

  putString(text: string): void {
    this.ensure(text.length * 3);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  /** Plain ASCII between two places of a log, as it is. */
  copy(b: Buffer, from: number, to: number): void {
    this.ensure(to - from);
    const { bytes } = this;
    let at = this.length;
    for (let p = from; p < to; p += 1) bytes[at++] = b[p]!;
    this.length = at;
  }

  putByte(byte: number): void {
    this.ensure(1);
    this.bytes[this.length++] = byte;
  }

  /** A whole number of at least 0. */
  putNumber(value: number): void {
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits += 1;
    this.ensure(digits);
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at -= 1) {
      const next = Math.floor(rest / 10);
      this.bytes[at] = 48 + rest - next * 10;
      rest = next;
    }
    this.length += digits;
  }

  /** The inside of a JSON string; what no record may hold is replaced. */
  putText(b: Buffer, from: number, to: number, most: number): void {
    const start = this.length;
    if (to - from <= most) {
      this.ensure(to - from);
      const { bytes } = this;
      let at = start;
      let p = from;
      for (; p < to; p += 1) {
        const c = b[p]!;
        if (c < 32 || c > 126 || c === QUOTE || c === BACKSLASH) break;
        bytes[at++] = c;
      }
      if (p === to) {
        this.length = at;
        return;
      }
    }
    this.putString(escaped(cleanText(decodeText(b, from, to), most)));
  }

  /** The same for an id: one that is no printable ASCII is known by its hash from then on. */
  putId(b: Buffer, from: number, to: number): void {
    const start = this.length;
    if (to - from <= 200 && to > from) {
      this.ensure(to - from);
      const { bytes } = this;
      let at = start;
      let p = from;
      for (; p < to; p += 1) {
        const c = b[p]!;
        if (c < 33 || c > 126 || c === QUOTE || c === BACKSLASH) break;
        bytes[at++] = c;
      }
      if (p === to) {
        this.length = at;
        return;
      }
    }
    this.putString(escaped(cleanId(decodeText(b, from, to))));
  }
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A JSON string's inside as text; bytes that are no UTF-8 become U+FFFD. */
export function decodeText(b: Buffer, from: number, to: number): string {
  return unescape(b.toString('utf8', from, to));
}

/** What a JSON string's inside stands for. */
export function unescape(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

/** Never longer than `most`, no control characters, no half characters. */
export function cleanText(text: string, most: number): string {
  return text.slice(0, most).replace(/\p{Cc}|\p{Cs}/gu, '\ufffd');
}

export function cleanId(text: string): string {
  return ID.test(text) ? text : `x-${createHash('sha256').update(text).digest('hex')}`;
}
