import { readDepartures, type Departures } from '@coffee-roadmap/db/backup/departures';
import {
  dropLogins,
  restoreLogins,
  type NamedLogin,
  type RestoredLogins,
  type StoredLogin,
} from '@coffee-roadmap/db/backup/logins';
import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { restoreRows } from '@coffee-roadmap/db/backup/restore-rows';
import { withNewDatabase } from '@coffee-roadmap/db/backup/target';
import { recordRestore } from '@coffee-roadmap/db/backup/trail';
import { replayErasures } from '@coffee-roadmap/db/replay-erasures';
import { databaseFolder, listMigrations } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../errors';
import { explainFailure } from './explain-failure';
import { listBackups } from './list-backups';
import { rowsOf, type Manifest } from './manifest';
import { restoreOthers, type Programs } from './pg-dump';
import { readTable } from './stored-file';
import { verifyBackup } from './verify-backup';

export interface RestoreOptions {
  /** Of the backup. */
  folder: string;
  /** A superuser's, for any database of the server. */
  url: string;
  /** Its name there: missing, or empty. */
  database: string;
  /** What has that name gets this one. */
  aside?: string;
  /** Who is known to be erased, besides those whom backups beside this one and databases there name. */
  erased: string[];
  programs: Programs;
  onProgress: OnProgress;
}

export interface RestoredBackup {
  manifest: Manifest;
  tables: number;
  rows: number;
  /** Left out: removed since, as a database there knows. */
  logins: RestoredLogins;
  /** Databases there that were not able to say who was removed or erased since. */
  unread: Departures['unread'];
  /** Applied after the backup's own. */
  migrations: number;
  /** How many people had come back and are erased again. */
  erasedAgain: number;
  /** Why what is not ours was not restored; null where it was, or there is none. */
  othersProblem: string | null;
}

/**
 * Restores a backup into a database that is not there yet, or empty, and proves every table equal
 * before the database gets its name. Throws `failed` for a damaged backup, `conflict` where something is
 * there, `database_newer` where the backup is.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredBackup> {
  const { folder, url, database, aside, onProgress } = options;
  const manifest = await readWhole(folder, onProgress);
  refuseUnknownMigrations(manifest);
  const stored = JSON.parse(
    readFileSync(path.join(folder, manifest.logins.file), 'utf8'),
  ) as StoredLogin[];
  const { others } = manifest;
  const made: NamedLogin[] = [];
  try {
    return await withNewDatabase(url, { database, aside }, async (making) => {
      const migrations = await restoreRows(
        making,
        {
          ...manifest,
          tables: manifest.tables.map((table) => ({
            ...table,
            read: () => readTable(folder, table),
          })),
          schemas: others.schemas.map(({ schema }) => schema),
        },
        onProgress,
      );
      const othersProblem = await restoreWhatIsNotOurs(making, options, manifest);
      const gone = await readDepartures(url, [database, manifest.database, databaseOf(url)]);
      const known = [...options.erased, ...gone.erased, ...erasedBeside(folder)];
      const erasedAgain = await replayErasures(making, [...new Set(known)]);
      const { made_at, cluster } = manifest;
      await recordRestore(making, { made_at, cluster, erased_again: erasedAgain });
      // Last: roles are the server's, and do not go with the database where something fails.
      const logins = await restoreLogins(making, stored, gone.removed);
      made.push(...logins.made);
      return {
        manifest,
        tables: manifest.tables.length,
        rows: rowsOf(manifest),
        logins,
        unread: gone.unread,
        migrations,
        erasedAgain,
        othersProblem,
      };
    });
  } catch (error) {
    await takeBack(url, made, error);
    throw explainFailure(error, database, aside);
  }
}

async function takeBack(url: string, made: NamedLogin[], cause: unknown): Promise<void> {
  try {
    await dropLogins(url, made);
  } catch {
    const names = made.map(({ login }) => login).join(', ');
    throw new AppError('failed', messageOf(cause), {
      hint: `Nothing was restored, but these logins may be left: ${names}`,
      cause,
    });
  }
}

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

async function restoreWhatIsNotOurs(
  url: string,
  { folder, programs, onProgress }: RestoreOptions,
  { others }: Manifest,
): Promise<string | null> {
  if (others.schemas.length === 0) return null;
  if (others.file === null) return 'it is not in the backup';
  onProgress('restoring what is not ours');
  const schemas = others.schemas.map(({ schema }) => schema);
  const file = path.join(folder, others.file.file);
  return (await restoreOthers(url, { schemas, file }, programs)) ?? null;
}

async function readWhole(folder: string, onProgress: OnProgress): Promise<Manifest> {
  const { manifest, findings } = await verifyBackup(folder, onProgress);
  if (manifest !== undefined && findings.length === 0) return manifest;
  const { file, problem } = findings[0]!;
  throw new AppError('failed', `this backup is damaged: ${file} ${problem}`, {
    hint: 'Nothing was restored. coffee-roadmap backup list shows others.',
  });
}

function refuseUnknownMigrations({ migrations }: Manifest): void {
  const known = listMigrations(databaseFolder());
  if (migrations.length > known.length) {
    throw new AppError(
      'database_newer',
      `the backup is of version ${migrations.length}, this program knows ${known.length}`,
      { hint: 'Update coffee-roadmap: git pull && npm start.' },
    );
  }
  const other = migrations.find(({ hash }, index) => known[index]!.hash !== hash);
  if (other === undefined) return;
  throw new AppError('migration_edited', `${other.name} is not the file that made this database`, {
    hint: 'Restore with the program that made the backup, then update it.',
  });
}

/**
 * Other backups tell who was erased since. Also those of another server or name: the database may have
 * moved since, and an id that is not there changes nothing.
 */
function erasedBeside(folder: string): string[] {
  return listBackups(path.dirname(path.resolve(folder))).flatMap(
    ({ manifest }) => manifest?.erasures.map(({ person }) => person) ?? [],
  );
}
