import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { AppError, messageOf } from '../../errors';

const MAGIC = 'SQLite format 3\0';
/** Files of JSON are read at once; the largest that an older system wrote had 7 MiB. */
const MOST_JSON_BYTES = 256 * 1024 * 1024;

export function isFolder(path: string): boolean {
  return readable(path, () => statSync(path).isDirectory());
}

export function isSqlite(path: string): boolean {
  return readable(path, () => {
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(MAGIC.length);
      return (
        readSync(file, start, 0, start.length, 0) === start.length &&
        start.equals(Buffer.from(MAGIC))
      );
    } finally {
      closeSync(file);
    }
  });
}

/** Throws `invalid_input` for what is no JSON. */
export function readJson(path: string): unknown {
  const text = readable(path, () => {
    if (statSync(path).size > MOST_JSON_BYTES)
      throw new AppError('invalid_input', `${path} is larger than any file of this kind`);
    return readFileSync(path, 'utf8');
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_input', `${path} is neither SQLite nor JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof AppError || code === undefined) throw error;
    throw new AppError('invalid_input', `${path} cannot be read: ${code}`, {
      hint: 'Name a file or folder of the older system.',
      cause: error,
    });
  }
}
