/** Puts a program where another uid reaches it. */
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, link, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AgentUser } from './agent-user';
import { makePassage } from './folders';
import { findReadable } from './reachable';

/**
 * The same path where the user reads it; else a second name for it in `root`: a hard link, or a copy
 * where that is on another file system. The copy is named after size and time, so that an updated
 * program is not mistaken for the old one.
 */
export async function exposeFile(
  file: string,
  root: string,
  user: AgentUser | undefined,
): Promise<string> {
  if (user === undefined || (await findReadable([file], user)).length > 0) return file;
  const { size, mtimeMs, mode } = await stat(file);
  const version = createHash('sha256').update(`${file}\0${size}\0${mtimeMs}`).digest('hex');
  const folder = path.join(root, '.programs', version.slice(0, 12));
  await makePassage(path.dirname(folder));
  await makePassage(folder);
  const there = path.join(folder, path.basename(file));
  if (await stat(there).catch(() => undefined)) return there;
  const fresh = `${there}.${randomBytes(4).toString('hex')}`;
  const readable = (mode & 0o005) === 0o005;
  // A link shares its mode with the original, which is not ours to open.
  if (!readable || !(await linked(file, fresh))) {
    await copyFile(file, fresh);
    await chown(fresh, 0, user.gid);
    await chmod(fresh, 0o550);
  }
  await rename(fresh, there);
  return there;
}

async function linked(file: string, there: string): Promise<boolean> {
  try {
    await link(file, there);
    return true;
  } catch {
    return false;
  }
}
