import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder } from '../config/paths';
import { AppError } from '../errors';
import { isAlive } from '../postgres/processes';
import { syncFolder } from './stored-file';

const PARTIAL = /^\.(?:partial|removing)-(\d+)-/;

/** `coffee_roadmap-20261121T190455Z`; names sort by time. */
export function backupName(database: string, at: Date): string {
  const stamp = at.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `${database.replace(/[^A-Za-z0-9_]/g, '_')}-${stamp}`;
}

/** Throws `conflict` where one of that name is there. */
export function refuseTaken(place: string, name: string): void {
  if (!existsSync(path.join(place, name))) return;
  throw new AppError('conflict', `there is a backup ${name} already`, {
    hint: 'Names hold the second: try again.',
  });
}

/** Lets `write` fill a folder that gets its name only once all of it is on the disk. */
export async function withPartialFolder<T>(
  place: string,
  name: string,
  write: (folder: string) => Promise<T>,
): Promise<T> {
  ensurePrivateFolder(place);
  removeAbandoned(place);
  const partial = path.join(place, `.partial-${process.pid}-${name}`);
  mkdirSync(partial, { mode: 0o700 });
  try {
    const result = await write(partial);
    await syncFolder(partial);
    renameSync(partial, path.join(place, name));
    await syncFolder(place);
    return result;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** It loses its name first: a removal that is interrupted leaves no backup that lacks files. */
export function removeBackup(place: string, name: string): void {
  const removing = path.join(place, `.removing-${process.pid}-${name}`);
  renameSync(path.join(place, name), removing);
  rmSync(removing, { recursive: true, force: true });
}

/** What processes that were killed have left. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = PARTIAL.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    rmSync(path.join(place, name), { recursive: true, force: true });
  }
}
