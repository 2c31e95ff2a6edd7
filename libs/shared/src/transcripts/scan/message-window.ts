import { RecordBytes } from './record-bytes';

/** How many messages may be under way in one file at a time: sub-agents once wrote among the lines. */
const SIZE = 16;
/** How many of the last ones are remembered between two looks at a file. */
const REMEMBERED = 4;

/** One API message, of which more lines may come. */
export class OpenMessage {
  /** The key's bytes: message id, a slash, request id. */
  readonly key = new RecordBytes(128);
  /** Where its usage record with the best numbers so far stands among all; of length 0, nothing is new. */
  usageAt = 0;
  usageLength = 0;
  total = -1;
  isSidechain = false;
  hasSpeed = false;
  /** Patterns by bit, found so far and already told. */
  found = 0;
  told = 0;
  /** Of the line that first matched: a phrases record up to its patterns. */
  readonly phrases = new RecordBytes(512);

  clear(): void {
    this.key.length = 0;
    this.usageLength = 0;
    this.total = -1;
    this.isSidechain = false;
    this.hasSpeed = false;
    this.found = 0;
    this.told = 0;
    this.phrases.length = 0;
  }
}

/** What is remembered of a message whose record is out: [key, total, side chain, speed, patterns told]. */
export type Remembered = [string, number, 0 | 1, 0 | 1, number];

/** The last messages of a file, oldest first to go. */
export class MessageWindow {
  private readonly messages = Array.from({ length: SIZE }, () => new OpenMessage());
  /** Of each, what its key ends with: most are told apart by that. */
  private readonly ends = new Int32Array(SIZE);
  private newest = 0;

  constructor(private readonly onGone: (message: OpenMessage) => void) {}

  /** The message with the key that `key` holds; a new one in place of the oldest where there is none. */
  open(key: RecordBytes): OpenMessage {
    const end = endOf(key);
    for (let back = 0; back < SIZE; back += 1) {
      const at = (this.newest - back + SIZE) % SIZE;
      if (this.ends[at] === end && sameBytes(this.messages[at]!.key, key))
        return this.messages[at]!;
    }
    this.newest = (this.newest + 1) % SIZE;
    const message = this.messages[this.newest]!;
    this.onGone(message);
    message.clear();
    message.key.putAll(key);
    this.ends[this.newest] = end;
    return message;
  }

  /** Takes the usage record of a message out of those made; what stands behind it moves up. */
  takeBack(out: RecordBytes, message: OpenMessage): void {
    const { usageAt: at, usageLength: length } = message;
    if (length === 0) return;
    out.cut(at, length);
    for (const other of this.messages) if (other.usageAt > at) other.usageAt -= length;
    message.usageLength = 0;
  }

  /** Lets all of them go; gives what has to be remembered of the last ones. */
  flush(): Remembered[] {
    const remembered: Remembered[] = [];
    for (let i = 1; i <= SIZE; i += 1) {
      const message = this.messages[(this.newest + i) % SIZE]!;
      this.onGone(message);
      if (message.key.length > 0) {
        const key = message.key.bytes.toString('latin1', 0, message.key.length);
        const { total, isSidechain, hasSpeed, found } = message;
        remembered.push([key, total, isSidechain ? 1 : 0, hasSpeed ? 1 : 0, found]);
      }
      message.clear();
    }
    return remembered.slice(-REMEMBERED);
  }

  restore(remembered: readonly Remembered[]): void {
    // A file that could not be read to its end has left some.
    for (const message of this.messages) message.clear();
    for (const [key, total, isSidechain, hasSpeed, told] of remembered) {
      this.newest = (this.newest + 1) % SIZE;
      const message = this.messages[this.newest]!;
      message.key.putString(key);
      this.ends[this.newest] = endOf(message.key);
      message.total = total;
      message.isSidechain = isSidechain === 1;
      message.hasSpeed = hasSpeed === 1;
      message.found = message.told = told;
    }
  }
}

function endOf({ bytes, length }: RecordBytes): number {
  let end = length;
  for (let i = Math.max(0, length - 3); i < length; i += 1) end = (end << 8) | bytes[i]!;
  return end;
}

function sameBytes(a: RecordBytes, b: RecordBytes): boolean {
  if (a.length !== b.length) return false;
  const [one, other] = [a.bytes, b.bytes];
  // From behind: ids begin alike.
  for (let i = a.length - 1; i >= 0; i -= 1) if (one[i] !== other[i]) return false;
  return true;
}
