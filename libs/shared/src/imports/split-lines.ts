import { MAX_RECORD_BYTES } from '../records/parse-line';

const LINE_FEED = 10;

/**
 * The lines of a stream without their line feeds; `undefined` stands for one that is longer than any
 * record, whose bytes are not kept. What stands behind the last line feed was cut off and is no line.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let tooLong = false;
  for await (const chunk of chunks) {
    const text = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED, from)) {
      yield tooLong || end - from > MAX_RECORD_BYTES ? undefined : text.subarray(from, end);
      tooLong = false;
      from = end + 1;
    }
    rest = text.subarray(from);
    if (rest.length > MAX_RECORD_BYTES) {
      rest = Buffer.alloc(0);
      tooLong = true;
    }
  }
}
