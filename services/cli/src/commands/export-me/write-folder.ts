import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import {
  FORMAT,
  type ExportTarget,
  type TableHeader,
} from '@coffee-roadmap/shared/portability/export-person';
import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { renderCsvRows, type CsvCell } from '../../terminal/csv';
import { stripEscapes } from '../../terminal/strip-escapes';

interface Part {
  file: string;
  handle: FileHandle;
  hash: Hash;
}

export interface FolderTarget extends ExportTarget {
  /** Writes export.json, which says that all of it is there. */
  finish(about: { person: string; exported_at: string }): Promise<void>;
}

/**
 * A folder with two files for each table, TABLE.jsonl and TABLE.csv, and export.json. It must be new or
 * empty: nothing is written over. Throws `conflict` or `failed`.
 */
export function openFolder(folder: string): FolderTarget {
  claim(folder);
  const tables: object[] = [];
  let header: TableHeader | undefined;
  let parts: Part[] = [];
  let count = 0;

  const start = async (ending: string): Promise<Part> => {
    const file = `${header!.table}.${ending}`;
    const handle = await open(path.join(folder, file), 'wx', 0o600);
    return { file, handle, hash: createHash('sha256') };
  };
  const write = async ({ handle, hash }: Part, text: string): Promise<void> => {
    hash.update(text);
    await handle.writeFile(text);
  };
  return {
    async begin(next) {
      header = next;
      count = 0;
      parts = [await start('jsonl'), await start('csv')];
      await write(parts[1]!, renderCsvRows([next.columns.map(({ name }) => name)]));
    },
    async rows(rows) {
      count += rows.length;
      await write(parts[0]!, rows.map(({ json }) => `${json}\n`).join(''));
      await write(parts[1]!, renderCsvRows(rows.map(({ cells }) => cells.map(csvCell))));
    },
    async end() {
      const files: Record<string, string> = {};
      for (const { file, handle, hash } of parts) {
        await handle.close();
        files[file] = hash.digest('hex');
      }
      const { table, says, columns } = header!;
      tables.push({ table, says, rows: count, sha256: files, columns });
    },
    finish: (about) =>
      writeFile(
        path.join(folder, 'export.json'),
        `${JSON.stringify({ format: FORMAT, ...about, tables }, null, 2)}\n`,
        { mode: 0o600, flag: 'wx' },
      ),
  };
}

/** A number is one, and no text that begins with a minus like a formula; unless digits were lost. */
function csvCell(cell: string | null): CsvCell {
  return cell !== null && String(Number(cell)) === cell ? Number(cell) : cell;
}

function claim(folder: string): void {
  let found: string[];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    found = readdirSync(folder);
  } catch (error) {
    throw new AppError('failed', `${stripEscapes(folder)} is no folder: ${messageOf(error)}`, {
      hint: 'Name a new folder, or - for standard output.',
      cause: error,
    });
  }
  if (found.length === 0) return;
  throw new AppError('conflict', `${stripEscapes(folder)} is not empty`, {
    hint: 'Name a new folder: nothing is written over.',
  });
}
