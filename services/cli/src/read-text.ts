import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { readFileSync } from 'node:fs';
import type { Context } from './context';

/** A file's text, or standard input to its end for `-`. Throws `invalid_input`. */
export async function readText(context: Context, file: string): Promise<string> {
  if (file === '-') return decode(await readAll(context.streams.stdin), 'standard input');
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new AppError('invalid_input', `${file} cannot be read: ${why}`, {
      hint: 'Name a text file, or - for standard input.',
      cause: error,
    });
  }
  return decode(bytes, file);
}

/** Never replaces bytes that are not UTF-8: they would be written back changed. */
function decode(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new AppError('invalid_input', `${what} is not UTF-8 text`, {
      hint: 'Convert it first: iconv -t UTF-8.',
      cause: error,
    });
  }
}

async function readAll(stream: NodeJS.ReadStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
