import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../errors';

/** A value as SQLite has it; whole numbers beyond 2^53 lose their last digits. */
export type SqliteRow = Record<string, string | number | null | Buffer>;

export interface Statement {
  all(...values: unknown[]): SqliteRow[];
  run(...values: unknown[]): unknown;
}

export interface Driver {
  new (file: string): { prepare(sql: string): Statement; exec(sql: string): void; close(): void };
}

/** A copy of somebody's SQLite file, as it was when it was opened. */
export interface SqliteFile {
  /** Names of its tables. */
  readonly tables: ReadonlySet<string>;
  columns(table: string): ReadonlySet<string>;
  all(sql: string, ...values: unknown[]): SqliteRow[];
  /**
   * Keeps what a query answers until it is closed, as a table of which each row has another value in that
   * column. Gives the name by which queries take it.
   */
  keep(table: string, column: string, sql: string): string;
  /** All rows of a table in the order of their rowid, a page at a time. */
  pages(table: string, size?: number): Generator<SqliteRow[]>;
  close(): void;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Copies the file, with what has not been written into it yet, and opens the copy: the original is only
 * read, and gets no file beside it. Throws `invalid_input` for what is no SQLite file or changes meanwhile.
 */
export function openSqlite(file: string): SqliteFile {
  const Database = loadDriver();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-move-in-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = path.join(folder, 'copy.db');
    copyWhileStill(file, copy);
    const database = new Database(copy);
    const all = (sql: string, ...values: unknown[]): SqliteRow[] =>
      database.prepare(sql).all(...values);
    const tables = new Set(
      all(`select name from sqlite_master where type = 'table'`).map(({ name }) => String(name)),
    );
    return {
      tables,
      columns: (table) =>
        new Set(all(`pragma table_info(${quote(table)})`).map(({ name }) => String(name))),
      all,
      keep(table, column, sql) {
        const index = `temp.${quote(`${table} by ${column}`)}`;
        database.exec(`create temp table ${quote(table)} as ${sql}`);
        database.exec(`create unique index ${index} on ${quote(table)} (${quote(column)})`);
        return `temp.${quote(table)}`;
      },
      *pages(table, size = 2000) {
        for (let last = -1; ;) {
          const rows = all(
            `select rowid as _row, * from ${quote(table)} where rowid > ? order by rowid limit ?`,
            last,
            size,
          );
          if (rows.length === 0) return;
          last = Number(rows.at(-1)!._row);
          yield rows;
        }
      },
      close() {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_input', `${file} is no SQLite file that can be read`, {
      hint: 'Is it the right file, and whole?',
      cause: error,
    });
  }
}

const WAL = '-wal';

function copyWhileStill(file: string, copy: string): void {
  const state = (): string =>
    [file, file + WAL]
      .map((name) => (existsSync(name) ? statSync(name) : undefined))
      .map((stat) => `${stat?.size} ${stat?.mtimeMs}`)
      .join();
  const before = state();
  copyFileSync(file, copy, constants.COPYFILE_FICLONE);
  if (existsSync(file + WAL)) copyFileSync(file + WAL, copy + WAL);
  if (state() !== before)
    throw new AppError('conflict', `${file} is being written`, {
      hint: 'Stop the older system first, then repeat the command.',
    });
}

/** Throws `not_configured` where there is no build of it for this system. */
export function loadDriver(): Driver {
  try {
    // Optional, with native code of its own: not part of the bundles.
    return createRequire(__filename)('libsql') as Driver;
  } catch (error) {
    throw new AppError('not_configured', 'SQLite files cannot be read here: libsql is missing', {
      hint: 'npm install brings it where there is a build for this system.',
      cause: error,
    });
  }
}
