import type {
  DatabaseFacts,
  StoredSequence,
  StoredTable,
} from '@coffee-roadmap/db/backup/contents';
import { createHash } from 'node:crypto';
import { AppError } from '../errors';

export const MANIFEST = 'manifest.json';
/** The format's number; docs/recovery.md describes it. */
export const FORMAT = 1;

export interface StoredFile {
  file: string;
  bytes: number;
  /** In hex. */
  sha256: string;
}

export interface BackupTable extends StoredTable, StoredFile {
  rows: number;
  /** Of its rows, in whatever order: db/src/backup/row-digest.ts. */
  digest: string;
}

export interface Manifest extends Omit<DatabaseFacts, 'others'> {
  format: typeof FORMAT;
  /** When the snapshot was taken, ISO 8601. */
  made_at: string;
  tables: BackupTable[];
  sequences: StoredSequence[];
  logins: StoredFile & {
    logins: number;
    /** False: whoever made the backup may not read the hashes of passwords. */
    passwords: boolean;
  };
  /** What is in no schema of ours; `file` null: not in the backup. */
  others: {
    schemas: DatabaseFacts['others'];
    pg_dump: string | null;
    file: StoredFile | null;
  };
}

/** With its own SHA-256 at the end, so that no byte of it changes unseen. */
export function renderManifest(manifest: Manifest): string {
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  return `${JSON.stringify({ ...manifest, sha256 }, null, 1)}\n`;
}

/** Throws `failed` for anything that `renderManifest` did not write, to the byte. */
export function parseManifest(text: string): Manifest {
  let found: (Manifest & { sha256?: string }) | undefined;
  try {
    found = JSON.parse(text) as Manifest;
  } catch {
    // cut, or not JSON at all
  }
  if (found?.format !== undefined && found.format !== FORMAT) {
    throw new AppError('failed', `${MANIFEST} is of format ${String(found.format)}`, {
      hint: 'Update coffee-roadmap: git pull && npm start.',
    });
  }
  if (found !== undefined && found !== null && typeof found === 'object') {
    const manifest = { ...found };
    delete manifest.sha256;
    if (renderManifest(manifest) === text) return manifest;
  }
  throw new AppError('failed', `${MANIFEST} is damaged`, { hint: 'Take another backup.' });
}

export function filesOf({ tables, logins, others }: Manifest): StoredFile[] {
  return [...tables, logins, ...(others.file === null ? [] : [others.file])];
}

/** Its files on the disk, in bytes. */
export function sizeOf(manifest: Manifest): number {
  return filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
}

export function rowsOf({ tables }: Manifest): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}
