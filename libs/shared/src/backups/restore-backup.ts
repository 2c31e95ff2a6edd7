import { urlOfDatabase } from '@coffee-roadmap/db/backup/connect';
import { readDepartures, type Departures } from '@coffee-roadmap/db/backup/departures';
import { endLogins } from '@coffee-roadmap/db/backup/end-logins';
import {
  dropLogins,
  restoreLogins,
  type KeptLogin,
  type NamedLogin,
  type RestoredLogins,
  type StoredLogin,
} from '@coffee-roadmap/db/backup/logins';
import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { restoreRows } from '@coffee-roadmap/db/backup/restore-rows';
import { withNewDatabase } from '@coffee-roadmap/db/backup/target';
import { recordRestore } from '@coffee-roadmap/db/backup/trail';
import { databaseFolder, listMigrations } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../errors';
import { explainFailure } from './explain-failure';
import { rowsOf, type Manifest } from './manifest';
import { restoreOthers, type Programs } from './pg-dump';
import { replayLeavers, type ToldPerson } from './replay-departures';
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
  /** Who is known to be erased, besides those whom databases there and backups of this one name. */
  erased: string[];
  programs: Programs;
  onProgress: OnProgress;
}

export interface RestoredBackup {
  manifest: Manifest;
  tables: number;
  rows: number;
  logins: RestoredLogins;
  /** Removed since, as a database there knows, and now here, too. */
  removedAgain: NamedLogin[];
  /** Databases there that were not able to say who was removed or erased since. */
  unread: Departures['unread'];
  /** Applied after the backup's own. */
  migrations: number;
  /** Who had come back and is erased again. */
  erasedAgain: ToldPerson[];
  /** Who came back, although a backup of another database says that they were erased. */
  notErased: ToldPerson[];
  /** Of those who were erased again, logins that the server still has. */
  loginsKept: KeptLogin[];
  /** Why what is not ours was not restored; null where it was, or there is none. */
  othersProblem: string | null;
}

/**
 * Restores a backup into a database that is not there yet, or empty, and proves every table equal
 * before the database gets its name. Throws `failed` for a damaged backup, `conflict` where something is
 * there, `database_newer` where the backup is.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredBackup> {
  const { folder, url, database, aside } = options;
  const made: NamedLogin[] = [];
  let result: Omit<RestoredBackup, 'loginsKept'> & { ending: string[] };
  try {
    result = await withNewDatabase(url, { database, aside }, async (making) => {
      const restored = await fill(making, options);
      // Last: roles are the server's, and do not go with the database where something fails.
      const logins = await restoreLogins(making, readLogins(folder, restored.manifest));
      made.push(...logins.made);
      return { ...restored, logins };
    });
  } catch (error) {
    throw await takeBack(url, made, explainFailure(error, database, aside));
  }
  const { ending, ...restored } = result;
  return { ...restored, loginsKept: await endErased(options, ending) };
}

/** All but logins, in the database of this URL. */
async function fill(
  making: string,
  options: RestoreOptions,
): Promise<Omit<RestoredBackup, 'logins' | 'loginsKept'> & { ending: string[] }> {
  const { folder, url, database, onProgress } = options;
  const manifest = await readWhole(folder, onProgress);
  refuseUnknownMigrations(manifest);
  const migrations = await restoreRows(
    making,
    {
      ...manifest,
      tables: manifest.tables.map((table) => ({ ...table, read: () => readTable(folder, table) })),
      schemas: manifest.others.schemas.map(({ schema }) => schema),
    },
    onProgress,
  );
  const othersProblem = await restoreWhatIsNotOurs(making, options, manifest);
  const gone = await readDepartures(url, [database, manifest.database, databaseOf(url)]);
  const backup = { folder, manifest, database };
  const replayed = await replayLeavers(making, backup, options.erased, gone);
  const { made_at, cluster } = manifest;
  const erased_again = replayed.erasedAgain.length;
  await recordRestore(making, { made_at, cluster, erased_again });
  return {
    ...{ manifest, migrations, othersProblem },
    ...{ tables: manifest.tables.length, rows: rowsOf(manifest) },
    ...{ erasedAgain: replayed.erasedAgain, notErased: replayed.notErased },
    ...{ removedAgain: replayed.removed, unread: gone.unread, ending: replayed.logins },
  };
}

function readLogins(folder: string, { logins }: Manifest): StoredLogin[] {
  return JSON.parse(readFileSync(path.join(folder, logins.file), 'utf8')) as StoredLogin[];
}

/** Only now that the database has its name: what fails before leaves those who are there their logins. */
async function endErased(
  { url, database, aside }: RestoreOptions,
  logins: string[],
): Promise<KeptLogin[]> {
  const but = aside === undefined ? [] : [aside];
  return endLogins(urlOfDatabase(url, database), logins, but).catch((error: unknown) =>
    logins.map((login) => ({ login, reason: messageOf(error) })),
  );
}

/** The same failure, which names the logins that are left of it. */
async function takeBack(url: string, made: NamedLogin[], failure: AppError): Promise<AppError> {
  const left = await dropLogins(url, made).catch(() => made);
  if (left.length === 0) return failure;
  const names = left.map(({ login }) => login).join(', ');
  const hint = [failure.hint, `These logins may be left: ${names}.`].filter(Boolean).join(' ');
  return new AppError(failure.code, failure.message, { hint, cause: failure });
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
