import { RowDigest } from '@coffee-roadmap/db/backup/row-digest';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { BackupTable, StoredFile } from './manifest';

/** Fast; more makes little of it smaller. */
const LEVEL = 3;

/** Lets bytes through; counts and hashes them. */
function measure(): Transform & { result(): Omit<StoredFile, 'file'> } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return Object.assign(through, { result: () => ({ bytes, sha256: hash.digest('hex') }) });
}

/** Writes a new file, for its owner alone, to the disk itself. */
export async function writeStored(
  folder: string,
  file: string,
  content: Readable,
): Promise<StoredFile> {
  const measured = measure();
  const to = createWriteStream(path.join(folder, file), { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(content, measured, to);
  return { file, ...measured.result() };
}

/** The rows of a table, compressed. */
export async function writeTable(
  folder: string,
  file: string,
  rows: Readable,
): Promise<StoredFile & { rows: number; digest: string }> {
  const digest = new RowDigest();
  const measured = measure();
  await pipeline(
    rows,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        digest.push(chunk);
        yield chunk;
      }
    },
    createGzip({ level: LEVEL }),
    measured,
    createWriteStream(path.join(folder, file), { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { file, ...measured.result(), rows: digest.rows, digest: digest.digest() };
}

/** Of a file that is there. */
export async function measureStored(folder: string, file: string): Promise<StoredFile> {
  const measured = measure();
  await pipeline(createReadStream(path.join(folder, file)), measured.resume());
  return { file, ...measured.result() };
}

/** What is wrong with a file; undefined where nothing is. */
export async function checkStored(folder: string, wanted: StoredFile): Promise<string | undefined> {
  let found: StoredFile;
  try {
    found = await measureStored(folder, wanted.file);
  } catch (error) {
    return whyUnread(error);
  }
  const { bytes, sha256 } = found;
  if (bytes !== wanted.bytes) return `has ${bytes} bytes instead of ${wanted.bytes}`;
  return sha256 === wanted.sha256 ? undefined : 'was changed';
}

/** The same of a table's file, whose rows are read too. */
export async function checkTable(folder: string, table: BackupTable): Promise<string | undefined> {
  const problem = await checkStored(folder, table);
  if (problem !== undefined) return problem;
  const digest = new RowDigest();
  try {
    await pipeline(readTable(folder, table), async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) digest.push(chunk);
    });
  } catch (error) {
    return whyUnread(error);
  }
  const same = digest.rows === table.rows && digest.digest() === table.digest;
  return same ? undefined : 'does not hold the rows that were in the database';
}

/** The rows as COPY takes them. */
export function readTable(folder: string, { file }: StoredFile): Readable {
  const rows = createGunzip();
  const from = createReadStream(path.join(folder, file));
  from.on('error', (error) => rows.destroy(error));
  return from.pipe(rows);
}

/** A folder's entries are on the disk only then. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'is gone' : `cannot be read: ${message}`;
}
