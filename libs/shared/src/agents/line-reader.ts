/** Splits a stream of bytes into lines; a line beyond the limit is dropped as it comes. */
export interface LineReader {
  push(chunk: Buffer): void;
  /** Hands over what stands after the last line break. */
  end(): void;
}

const MAX_LINE = 1024 * 1024;
const LINE_FEED = 0x0a;

export function createLineReader(
  onLine: (line: string) => void,
  onTooLong: (limit: number) => void,
  limit = MAX_LINE,
): LineReader {
  let parts: Buffer[] = [];
  let size = 0;
  let dropping = false;

  function finish(): void {
    if (dropping) onTooLong(limit);
    else if (size > 0) onLine(Buffer.concat(parts).toString('utf8').replace(/\r$/, ''));
    parts = [];
    size = 0;
    dropping = false;
  }
  function keep(piece: Buffer): void {
    size += piece.length;
    if (size > limit) dropping = true;
    if (dropping) parts = [];
    else parts.push(piece);
  }
  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, start)) {
        keep(chunk.subarray(start, at));
        finish();
        start = at + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    end: finish,
  };
}
