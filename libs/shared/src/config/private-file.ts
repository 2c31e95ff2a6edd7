import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';
import { ensurePrivateFolder } from './paths';

/** Reads a JSON object of ours; undefined when there is none. Closes it if others could read it. */
export function readPrivateJson<T extends object>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new AppError('not_configured', `${file} is not valid JSON`, {
      hint: 'Mend it, or move it away and run coffee-roadmap login or npm start again.',
      cause: error,
    });
  }
}

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
