import {
  listStoredSequences,
  listStoredTables,
  readFacts,
  type DatabaseFacts,
} from '@coffee-roadmap/db/backup/contents';
import { readRows } from '@coffee-roadmap/db/backup/copy-rows';
import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { readLogins } from '@coffee-roadmap/db/backup/logins';
import { withSnapshot, type Snapshot } from '@coffee-roadmap/db/backup/snapshot';
import { recordInTrail } from '@coffee-roadmap/db/backup/trail';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { sqlStateOf, toAppError } from '../db/app-errors';
import { AppError } from '../errors';
import { backupName, refuseTaken, withPartialFolder } from './backup-folder';
import { FORMAT, MANIFEST, renderManifest, type BackupTable, type Manifest } from './manifest';
import { dumpOthers, findPgDump, type Programs } from './pg-dump';
import { measureStored, writeStored, writeTable } from './stored-file';

export interface CreateOptions {
  /** A superuser's, or that of a login that reads every row. */
  url: string;
  /** The folder in which backups lie. */
  place: string;
  programs: Programs;
  now: Date;
  onProgress: OnProgress;
}

export interface CreatedBackup {
  name: string;
  folder: string;
  manifest: Manifest;
}

/**
 * Writes a backup of the whole database as of one moment, in bounded memory. Throws `not_allowed` for a
 * login that does not read every row, `database_not_migrated` where the database is none of ours.
 */
export async function createBackup(options: CreateOptions): Promise<CreatedBackup> {
  const { url, place, now } = options;
  try {
    return await withSnapshot(
      url,
      async (client, rights) => {
        if (!rights.readsAll) throw notAllowed();
        const facts = await readFacts(client);
        if (facts === undefined) throw notOurs();
        refuseTaken(place, backupName(facts.database, now));
        if (rights.superuser) await recordInTrail(client, 'export.backup', {});
      },
      async (snapshot) => {
        const facts = (await readFacts(snapshot.client))!;
        const name = backupName(facts.database, now);
        const manifest = await withPartialFolder(place, name, (folder) =>
          write(folder, facts, snapshot, options),
        );
        return { name, folder: path.join(place, name), manifest };
      },
    );
  } catch (error) {
    throw sqlStateOf(error) === '3D000' ? notOurs() : toAppError(error);
  }
}

async function write(
  folder: string,
  facts: DatabaseFacts,
  snapshot: Snapshot,
  options: CreateOptions,
): Promise<Manifest> {
  const { client, superuser } = snapshot;
  const tables: BackupTable[] = [];
  const all = await listStoredTables(client);
  for (const table of all) {
    options.onProgress('writing tables', tables.length / all.length);
    const rows = readRows(client, table);
    tables.push({ ...table, ...(await writeTable(folder, `${table.table}.copy.gz`, rows)) });
  }
  const logins = await readLogins(client, superuser);
  const file = await writeStored(
    folder,
    'logins.json',
    Readable.from([`${JSON.stringify(logins, null, 1)}\n`]),
  );
  const manifest: Manifest = {
    format: FORMAT,
    made_at: options.now.toISOString(),
    ...facts,
    tables,
    sequences: await listStoredSequences(client),
    logins: { ...file, logins: logins.length, passwords: superuser },
    others: await writeOthers(folder, facts, snapshot, options),
  };
  await writeFile(path.join(folder, MANIFEST), renderManifest(manifest), {
    ...{ flag: 'wx', mode: 0o600, flush: true },
  });
  return manifest;
}

async function writeOthers(
  folder: string,
  { others, server }: DatabaseFacts,
  { id }: Snapshot,
  { url, programs, onProgress }: CreateOptions,
): Promise<Manifest['others']> {
  const version = others.length === 0 ? undefined : await findPgDump(server, programs);
  if (version === undefined) return { schemas: others, pg_dump: null, file: null };
  onProgress('writing what is not ours');
  const name = 'others.dump';
  const schemas = others.map(({ schema }) => schema);
  const problem = await dumpOthers(
    url,
    { schemas, snapshot: id, file: path.join(folder, name) },
    programs,
  );
  if (problem !== undefined) {
    throw new AppError('failed', `pg_dump of ${schemas.join(', ')} failed: ${problem}`, {
      hint: 'Mend that, or take pg_dump out of the PATH: the backup is then of our schemas alone.',
    });
  }
  return { schemas: others, pg_dump: version, file: await measureStored(folder, name) };
}

function notAllowed(): AppError {
  return new AppError('not_allowed', 'this login does not read every row of the database', {
    hint: 'Set ADMIN_DATABASE_URL to its superuser’s, or to a login with BYPASSRLS and pg_read_all_data.',
  });
}

function notOurs(): AppError {
  return new AppError('database_not_migrated', 'there is nothing of ours there', {
    hint: 'npm start makes it; ADMIN_DATABASE_URL names another database.',
  });
}
