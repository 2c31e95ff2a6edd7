import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { restoreRows } from '@coffee-roadmap/db/backup/restore-rows';
import { TargetError, withNewDatabase } from '@coffee-roadmap/db/backup/target';
import { recordRestore } from '@coffee-roadmap/db/backup/trail';
import type { StoredLogin } from '@coffee-roadmap/db/backup/logins';
import { MigrationError } from '@coffee-roadmap/db/migration-error';
import { replayErasures } from '@coffee-roadmap/db/replay-erasures';
import { databaseFolder, listMigrations } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toAppError } from '../db/app-errors';
import { AppError } from '../errors';
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
  /** People who are known to be erased, besides those that newer backups beside this one name. */
  erased: string[];
  programs: Programs;
  onProgress: OnProgress;
}

export interface RestoredBackup {
  manifest: Manifest;
  tables: number;
  rows: number;
  loginsMade: number;
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
  const logins = JSON.parse(
    readFileSync(path.join(folder, manifest.logins.file), 'utf8'),
  ) as StoredLogin[];
  const { others } = manifest;
  try {
    return await withNewDatabase(url, { database, aside }, async (making) => {
      const { logins_made, migrated } = await restoreRows(
        making,
        {
          ...manifest,
          tables: manifest.tables.map((table) => ({
            ...table,
            read: () => readTable(folder, table),
          })),
          logins,
          schemas: others.schemas.map(({ schema }) => schema),
        },
        onProgress,
      );
      const othersProblem = await restoreWhatIsNotOurs(making, options, manifest);
      const erased = [...new Set([...options.erased, ...erasedSince(folder, manifest)])];
      const erasedAgain = await replayErasures(making, erased);
      const { made_at, cluster } = manifest;
      await recordRestore(making, { made_at, cluster, erased_again: erasedAgain });
      return {
        manifest,
        tables: manifest.tables.length,
        rows: rowsOf(manifest),
        loginsMade: logins_made,
        migrations: migrated,
        erasedAgain,
        othersProblem,
      };
    });
  } catch (error) {
    throw explain(error, database, aside);
  }
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

/** Newer backups of the same database tell who was erased since. */
function erasedSince(folder: string, { database, cluster }: Manifest): string[] {
  return listBackups(path.dirname(path.resolve(folder)))
    .filter(({ manifest }) => manifest?.database === database && manifest.cluster === cluster)
    .flatMap(({ manifest }) => manifest!.erasures.map(({ person }) => person));
}

const WHY: Record<TargetError['why'], (database: string, aside: string) => AppError> = {
  not_empty: (database) =>
    new AppError('conflict', `there is a database ${database} already, and it is not empty`, {
      hint: 'Nothing is written over: --database NAME restores beside it, --aside NAME renames it.',
    }),
  aside_taken: (_database, aside) =>
    new AppError('conflict', `there is a database ${aside} already`, {
      hint: 'Give another name with --aside NAME.',
    }),
  in_use: (database) =>
    new AppError('conflict', `somebody is connected to ${database}`, {
      hint: 'Stop what uses it (coffee-roadmap up, a daemon), and restore again.',
    }),
  busy: () =>
    new AppError('conflict', 'another restore is at work on this server', {
      hint: 'Wait for its end.',
    }),
  not_superuser: () =>
    new AppError('not_allowed', 'only a superuser restores', {
      hint: 'Set ADMIN_DATABASE_URL to the superuser’s URL of the server.',
    }),
};

function explain(error: unknown, database: string, aside = ''): AppError {
  if (error instanceof TargetError) return WHY[error.why](database, aside);
  if (error instanceof MigrationError) {
    const code = error.code === 'migration_failed' ? 'failed' : error.code;
    return new AppError(code, error.message, { hint: error.hint, cause: error });
  }
  const known = toAppError(error);
  if (known.hint !== undefined || known.code !== 'failed') return known;
  return new AppError('failed', known.message, {
    hint: 'Nothing was restored, and nothing is left of it.',
    cause: error,
  });
}
