import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../errors';
import { ensurePrivateFolder } from './paths';

/**
 * Reads a JSON object of ours; undefined when there is none. Closes it if others could read it. `mend` is what
 * to do where it is damaged; without it the file is one that is made anew by whatever needs it.
 */
export function readPrivateJson<T extends object>(
  file: string,
  mend = 'Move it away; it is made anew.',
): T | undefined {
  if (!existsSync(file)) return undefined;
  const text = readPrivateText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notOurs(`${file} is not valid JSON`, mend, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw notOurs(`${file} is not a JSON object`, mend);
  return value as T;
}

function readPrivateText(file: string): string {
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('not_allowed', `${file} cannot be read: ${messageOf(error)}`, {
      hint: 'It has to belong to you, with mode 0600.',
      cause: error,
    });
  }
}

const notOurs = (message: string, hint: string, cause?: unknown): AppError =>
  new AppError('not_configured', message, { hint, cause });

/** Writes it whole or not at all, readable by its owner alone. */
export function writePrivateJson(file: string, value: object): void {
  writePrivateText(file, `${JSON.stringify(value, null, 2)}\n`);
}

export function writePrivateText(file: string, text: string): void {
  ensurePrivateFolder(path.dirname(file));
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, text, { mode: 0o600 });
  renameSync(part, file);
}
