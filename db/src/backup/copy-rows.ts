import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { quoted } from './connect';
import type { StoredTable } from './contents';
import { CopyIn, CopyOut } from './copy-stream';
import { RowDigest } from './row-digest';

/** The rows of a table as COPY writes them: one line each, values separated by tabs. */
export function readRows(client: Client, table: StoredTable): Readable {
  // Of a table in partitions COPY by itself reads nothing.
  return client.query(
    new CopyOut(`copy (select ${columnsOf(table)} from ${table.table}) to stdout`),
  );
}

export async function writeRows(client: Client, table: StoredTable, rows: Readable): Promise<void> {
  await pipeline(
    rows,
    client.query(new CopyIn(`copy ${table.table} (${columnsOf(table)}) from stdin`)),
  );
}

/** Digest and number of the rows that are in a table now. */
export async function digestTable(
  client: Client,
  table: StoredTable,
): Promise<Pick<RowDigest, 'rows'> & { digest: string }> {
  const digest = new RowDigest();
  for await (const chunk of readRows(client, table)) digest.push(chunk as Buffer);
  return { rows: digest.rows, digest: digest.digest() };
}

function columnsOf({ columns }: StoredTable): string {
  return columns.map(quoted).join(', ');
}
