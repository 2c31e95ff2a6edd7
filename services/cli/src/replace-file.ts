import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import {
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Makes the file hold this text, whole or not at all; a link keeps pointing where it does. False
 * when it held it already, and then it is not touched. Throws `failed`.
 */
export function replaceFile(file: string, text: string): boolean {
  try {
    const target = existsSync(file) ? realpathSync(file) : file;
    const old = statSync(target, { throwIfNoEntry: false });
    if (old !== undefined && readFileSync(target).equals(Buffer.from(text))) return false;
    const part = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.part`);
    try {
      writeFileSync(part, text, {
        mode: old === undefined ? 0o666 : old.mode & 0o777,
        flush: true,
      });
      renameSync(part, target);
    } finally {
      rmSync(part, { force: true });
    }
    return true;
  } catch (error) {
    throw new AppError('failed', `${file} cannot be written: ${messageOf(error)}`, {
      hint: 'Name a file in a folder that you may write to.',
      cause: error,
    });
  }
}
