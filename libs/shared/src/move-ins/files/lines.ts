import { closeSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../errors';

const AT_ONCE = 1024 * 1024;
const LINE_FEED = 10;

/**
 * The lines of a text file, a piece at a time; undefined for one that is longer than `most` bytes, which is
 * not kept. What stands behind the last line feed is a line too. Throws `invalid_input` for what is no file.
 */
export function* readLines(path: string, most: number): Generator<string | undefined> {
  const file = open(path);
  try {
    const piece = Buffer.alloc(AT_ONCE);
    let rest: Buffer = Buffer.alloc(0);
    let tooLong = false;
    for (let size = readSync(file, piece); size > 0; size = readSync(file, piece)) {
      const text = Buffer.concat([rest, piece.subarray(0, size)]);
      let from = 0;
      for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED, from)) {
        yield tooLong || end - from > most ? undefined : text.toString('utf8', from, end);
        tooLong = false;
        from = end + 1;
      }
      rest = text.subarray(from);
      if (rest.length > most) {
        rest = Buffer.alloc(0);
        tooLong = true;
      }
    }
    if (tooLong) yield undefined;
    else if (rest.length > 0) yield rest.toString('utf8');
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('invalid_input', `${path} cannot be read: ${code}`, { cause: error });
  }
}
