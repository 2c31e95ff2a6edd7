import type { Readable } from 'node:stream';
import type { Client } from 'pg';
import { migrate } from '../migrate';
import { connectForBackup, quoted } from './connect';
import {
  listStoredTables,
  type StoredMigration,
  type StoredSequence,
  type StoredTable,
} from './contents';
import { digestTable, writeRows } from './copy-rows';
import { withProgress, type OnProgress } from './progress';

export interface RestoredTable extends StoredTable {
  rows: number;
  digest: string;
  read(): Readable;
}

export interface RestoredContents {
  migrations: StoredMigration[];
  tables: RestoredTable[];
  sequences: StoredSequence[];
  /** Besides ours, and empty. */
  schemas: string[];
  extensions: string[];
}

/**
 * Fills a new, empty database: the tables of the backup's version, its rows, and then, once every
 * table's digest is that of the backup, what this program's version adds; returns how many migrations that
 * were. Throws where a digest differs. `url` is a superuser's.
 */
export async function restoreRows(
  url: string,
  { migrations, tables, sequences, schemas, extensions }: RestoredContents,
  onProgress: OnProgress,
): Promise<number> {
  await migrate(url, { tablesOf: migrations.length });
  const client = await connectForBackup(url);
  try {
    await load(client, tables, onProgress);
    for (const { sequence, column, last_value, is_called } of sequences) {
      // By its column: one that was made anew gave its sequence another name.
      await client.query(
        `select setval(coalesce(pg_get_serial_sequence($1, $2), $3)::regclass, $4::bigint, $5)`,
        [column?.table, column?.name, sequence, last_value, is_called],
      );
    }
    for (const table of withProgress(tables, 'comparing rows', onProgress)) {
      const found = await digestTable(client, table);
      if (found.rows === table.rows && found.digest === table.digest) continue;
      throw new Error(`${table.table} is not what the backup says: ${found.rows} rows`);
    }
    onProgress('applying functions and policies');
    const { applied } = await migrate(url);
    for (const schema of schemas) {
      await client.query(`create schema if not exists ${quoted(schema)}`);
    }
    for (const extension of extensions) {
      // One that this server does not have is missed by what is not ours alone.
      await client
        .query(`create extension if not exists ${quoted(extension)}`)
        .catch(() => undefined);
    }
    onProgress('analyzing');
    await client.query('analyze');
    return applied.length;
  } finally {
    await client.end();
  }
}

async function load(
  client: Client,
  tables: RestoredTable[],
  onProgress: OnProgress,
): Promise<void> {
  const made = await listStoredTables(client);
  await client.query('begin');
  // All rows were in the database at one moment: no foreign key can be missing its row.
  await client.query(`set local session_replication_role = 'replica'`);
  // Migrations write rows of their own.
  await client.query(`truncate ${made.map(({ table }) => table).join(', ')}`);
  for (const table of withProgress(tables, 'restoring rows', onProgress)) {
    if (table.rows > 0) await writeRows(client, table, table.read());
  }
  await client.query('commit');
}
