/** Folders that the agent owns, made and removed without trusting what the agent put into them. */
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors';
import { isInside } from './bubblewrap';
import type { Sandbox } from './sandbox';

export interface FolderOwner {
  uid: number;
  gid: number;
}

/** Makes `folder`, 0700, inside `root`; the folders above it are ours and only passed through. */
export async function prepareFolder(
  root: string,
  folder: string,
  owner: FolderOwner | undefined,
): Promise<void> {
  const parts = insideRoot(root, folder).split(path.sep);
  const above = parts.slice(0, -1).map((_, index) => path.join(root, ...parts.slice(0, index + 1)));
  for (const passage of above) {
    if (owner === undefined) await makeFolder(passage);
    else await makePassage(passage);
  }
  await makeFolder(folder);
  await ownFolder(folder, owner);
}

/** A folder of ours that another uid may pass through but not list. */
export async function makePassage(folder: string): Promise<void> {
  // Not by the mode of mkdir, which our umask narrows.
  if (await makeFolder(folder)) await chmod(folder, 0o711);
}

/** True if it was not there. Throws where something else has its name: a link that an agent made. */
async function makeFolder(folder: string): Promise<boolean> {
  const made = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );
  if (!(await lstat(folder)).isDirectory()) throw new AppError('failed', `${folder} is no folder`);
  return made;
}

/** Opened without following links, so that what is changed is what was looked at. */
async function ownFolder(folder: string, owner: FolderOwner | undefined): Promise<void> {
  const handle = await open(
    folder,
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  );
  try {
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(0o700);
  } finally {
    await handle.close();
  }
}

/**
 * Empties the folder from inside the sandbox: a path that an agent swaps for a link while we remove
 * what is below leads nowhere that the agent could not go itself. Ours is only the emptied folder.
 */
export async function removeFolder(sandbox: Sandbox, folder: string): Promise<void> {
  insideRoot(sandbox.root, folder);
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory()) {
    await sandbox.run({
      command: 'sh',
      args: ['-c', 'chmod -R u+rwX . ; find . -mindepth 1 -delete'],
      cwd: folder,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder },
    });
  }
  await rm(folder, { recursive: true, force: true });
}

export async function listFolder(root: string, folder: string): Promise<string[]> {
  insideRoot(root, folder);
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() ? readdir(folder) : [];
}

/** Makes the folder of all workspaces; with another uid it may be passed through, not listed. */
export async function prepareRoot(root: string, owner: FolderOwner | undefined): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new AppError('failed', `${root} is not a folder of our own`, {
      hint: 'Remove it, or name another work folder.',
    });
  }
  await chmod(root, owner === undefined ? 0o700 : 0o711);
}

function insideRoot(root: string, folder: string): string {
  const relative = path.relative(root, folder);
  if (relative === '' || !isInside(folder, root)) {
    throw new AppError('failed', `${folder} does not lie in ${root}`);
  }
  return relative;
}
