import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
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
    removeIntakes(folder);
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      const ours = await isOurs(folder);
      if (ours) removeOldLocks(folder);
      if (ours && (await isWhole(folder))) return;
      if (!ours) {
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

/** All its refs lead to something. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    await runGit(['for-each-ref', '--format=%(objecttype)'], { gitDir: folder });
    return true;
  } catch (error) {
    if (isAppError(error) && error.code === 'git_failed') return false;
    throw error;
  }
}

/** A git that was killed leaves its locks; the git of a daemon that was killed may still be running. */
const LOCK_AGE_MS = 20 * 60_000;

function removeOldLocks(folder: string): void {
  const refs = path.join(folder, 'refs');
  if (!existsSync(refs)) return;
  const inRefs = readdirSync(refs, { recursive: true, encoding: 'utf8' });
  const names = [...readdirSync(folder), ...inRefs.map((name) => path.join('refs', name))];
  for (const name of names.filter((name) => name.endsWith('.lock'))) {
    const file = path.join(folder, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_AGE_MS) rmSync(file, { force: true });
  }
}

/** Left behind by a kill while work was collected. */
function removeIntakes(folder: string): void {
  const start = `${path.basename(folder)}.intake-`;
  for (const name of readdirSync(path.dirname(folder))) {
    if (!name.startsWith(start)) continue;
    rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
}
