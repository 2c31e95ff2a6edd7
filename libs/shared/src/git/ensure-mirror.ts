import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError, isAppError } from '../errors';
import { withMirrorLock } from './mirror-lock';
import { parseRemoteAddress } from './remote-address';
import { runGit } from './run-git';

/** Written into the mirrors that we make, so that nothing else is ever taken for one and removed. */
const MARK = 'coffee.mirror';

/**
 * Makes the daemon's own bare repository of a project, or keeps the one that is there. One that was
 * left broken (a full disk, a power cut) is made anew: what it held can be fetched and collected
 * again. Throws `invalid_input` for an address that is not allowed, and for a folder that holds
 * something else.
 */
export async function ensureMirror({
  folder,
  url,
}: {
  folder: string;
  url: string;
}): Promise<void> {
  parseRemoteAddress(url);
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
  await withMirrorLock(folder, async () => {
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      if (await isWhole(folder)) return;
      if (!(await isOurs(folder))) {
        throw new AppError('invalid_input', `${folder} holds something that is not a mirror`, {
          hint: 'Move it away, or choose another folder for the daemon’s state.',
        });
      }
    }
    const making = `${folder}.making`;
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { mode: 0o700 });
    await runGit(['init', '--quiet', '--bare', '--template=', '--', making]);
    await runGit(['config', MARK, 'true'], { gitDir: making });
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  });
}

async function isOurs(folder: string): Promise<boolean> {
  const mark = await runGit(['config', '--file', path.join(folder, 'config'), '--get', MARK], {
    allow: [0, 1, 3, 128],
  });
  return mark.stdout.trim() === 'true';
}

/** A repository of ours whose refs all lead to something. */
async function isWhole(folder: string): Promise<boolean> {
  if (!(await isOurs(folder))) return false;
  try {
    await runGit(['for-each-ref', '--format=%(objecttype)'], { gitDir: folder });
    return true;
  } catch (error) {
    if (isAppError(error) && error.code === 'git_failed') return false;
    throw error;
  }
}
