import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { AppError } from '../errors';
import { filesOf, type Manifest } from './manifest';
import { readManifest } from './verify-backup';

export interface ListedBackup {
  name: string;
  folder: string;
  /** Undefined where it is damaged. */
  manifest: Manifest | undefined;
  /** What is wrong, as far as it is seen without reading the rows. */
  problem: string | undefined;
}

/** A backup by pg_basebackup, as docs/compose.md makes them. */
export interface BaseBackup {
  name: string;
  file: string;
  bytes: number;
  at: Date;
}

/** The newest first. Files' sizes are compared, their bytes are not read. */
export function listBackups(place: string): ListedBackup[] {
  if (!existsSync(place)) return [];
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\w+-\d{8}T\d{6}Z$/.test(entry.name))
    .map(({ name }) => describe(path.join(place, name)))
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
}

function timeOf({ name }: ListedBackup): string {
  return name.slice(name.lastIndexOf('-') + 1);
}

function describe(folder: string): ListedBackup {
  const name = path.basename(folder);
  const { manifest, findings } = readManifest(folder);
  if (manifest === undefined) {
    return { name, folder, manifest, problem: `${findings[0]!.file} ${findings[0]!.problem}` };
  }
  const wrong = filesOf(manifest).find(({ file, bytes }) => {
    const stat = statSync(path.join(folder, file), { throwIfNoEntry: false });
    return stat?.size !== bytes;
  });
  return { name, folder, manifest, problem: wrong && `${wrong.file} is gone or cut` };
}

export async function listBaseBackups(place: string): Promise<BaseBackup[]> {
  if (!existsSync(place)) return [];
  const found: BaseBackup[] = [];
  for (const name of readdirSync(place).filter((entry) => /\.t(ar\.)?gz$/.test(entry))) {
    const file = path.join(place, name);
    if (!(await isBaseBackup(file))) continue;
    const { size, mtime } = statSync(file);
    found.push({ name, file, bytes: size, at: mtime });
  }
  return found;
}

/** Its first entry says where to begin with the write-ahead log. */
export async function isBaseBackup(file: string): Promise<boolean> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  const packed = createReadStream(file, { end: 65_535 });
  const head = packed.pipe(createGunzip());
  try {
    for await (const chunk of head) {
      return (chunk as Buffer).subarray(0, 100).toString('latin1').startsWith('backup_label\0');
    }
  } catch {
    // no gzip, or cut there
  } finally {
    packed.destroy();
  }
  return false;
}

/**
 * The backup that somebody means: a folder, a name in `place`, or the newest. Throws `not_found`, and
 * `invalid_input` for `latest` where backups of several databases lie.
 */
export function findBackup(place: string, wanted: string | undefined): string {
  if (wanted === undefined || wanted === 'latest') {
    const all = listBackups(place);
    if (wanted !== undefined) refuseSeveral(place, all);
    if (all[0] !== undefined) return all[0].folder;
    throw new AppError('not_found', `there is no backup in ${place}`, {
      hint: 'coffee-roadmap backup create makes one; --in FOLDER looks elsewhere.',
    });
  }
  const named = [path.join(place, wanted), path.resolve(wanted)].find((one) => existsSync(one));
  if (named !== undefined) return named;
  throw new AppError('not_found', `there is no backup ${wanted}`, {
    hint: 'coffee-roadmap backup list shows those that there are.',
  });
}

/** The newest of all may be of a database that nobody means. */
function refuseSeveral(place: string, backups: ListedBackup[]): void {
  const newest = new Map<string, string>();
  for (const { name, manifest } of backups) {
    if (manifest === undefined) continue;
    const origin = JSON.stringify([manifest.database, manifest.cluster]);
    if (!newest.has(origin)) newest.set(origin, name);
  }
  if (newest.size < 2) return;
  throw new AppError('invalid_input', `backups of ${newest.size} databases lie in ${place}`, {
    hint: `Name one instead of latest. The newest of each: ${[...newest.values()].join(', ')}.`,
  });
}
