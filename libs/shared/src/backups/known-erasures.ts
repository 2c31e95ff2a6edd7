import path from 'node:path';
import { AppError } from '../errors';
import { listBackups } from './list-backups';
import type { Manifest } from './manifest';
import { readManifest } from './verify-backup';

/** A person, by id, and who says that they were erased: `the backup NAME`. */
export interface KnownErasure {
  person: string;
  toldBy: string;
}

export interface Origin {
  database: string;
  cluster: string | null;
}

export interface ErasuresBeside {
  /** What backups of the same database say. */
  own: KnownErasure[];
  /**
   * What backups of another database say. It may be this one, moved, or a copy of it in which erasing was
   * tried: the ids are the same, so a person decides.
   */
  others: KnownErasure[];
}

/** Whom other backups beside this one say to be erased; the newest first. */
export function listErasuresBeside(folder: string, same: Origin[]): ErasuresBeside {
  const found: ErasuresBeside = { own: [], others: [] };
  for (const { name, manifest } of listBackups(path.dirname(path.resolve(folder)))) {
    if (manifest === undefined) continue;
    const isOwn = same.some((one) => isOf(manifest, one));
    const toldBy = `the backup ${name}`;
    (isOwn ? found.own : found.others).push(
      ...manifest.erasures.map(({ person }) => ({ person, toldBy })),
    );
  }
  return found;
}

function isOf(manifest: Manifest, { database, cluster }: Origin): boolean {
  return cluster !== null && manifest.database === database && manifest.cluster === cluster;
}

/** Whom the backup in this folder says to be erased. Throws `failed` where it is damaged. */
export function readErasures(folder: string): string[] {
  const { manifest, findings } = readManifest(folder);
  if (manifest !== undefined) return manifest.erasures.map(({ person }) => person);
  const { file, problem } = findings[0]!;
  throw new AppError('failed', `${folder} is no whole backup: ${file} ${problem}`, {
    hint: 'Name the folder of a backup, or a file of anchors.',
  });
}

/** Each person once, as the first says. */
export function tellers(known: KnownErasure[]): Map<string, string> {
  return new Map(known.map(({ person, toldBy }): [string, string] => [person, toldBy]).reverse());
}
