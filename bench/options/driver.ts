import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { loadDriver } from '@coffee-roadmap/shared/move-ins/files/sqlite';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Database {
  prepare(sql: string): {
    all(...values: unknown[]): Record<string, unknown>[];
    get(...values: unknown[]): Record<string, unknown> | undefined;
    run(...values: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  };
  exec(sql: string): void;
  close(): void;
}

type Driver = new (file: string, options: { timeout: number }) => Database;

/** Milliseconds that a writer waits for another; as long as is customary. */
export const BUSY_MS = 5_000;

/**
 * better-sqlite3 where somebody has put it there, else libsql, which has its interface and comes with
 * builds in its packages. Of better-sqlite3, 12.11.1 is the last that runs on Node 20; it fetches its
 * build from elsewhere or compiles for a minute, which no `npm ci` should have to.
 */
export function sqliteDriver(): { name: string; Driver: Driver } {
  const near = createRequire(path.join(projectRoot(), 'package.json'));
  try {
    return { name: 'better-sqlite3', Driver: near('better-sqlite3') as Driver };
  } catch {
    return { name: 'libsql', Driver: loadDriver() as unknown as Driver };
  }
}

/** WAL, each commit on disk before it counts, as in Postgres; waits for other writers. */
export function openDatabase(file: string): Database {
  const { Driver } = sqliteDriver();
  const database = new Driver(file, { timeout: BUSY_MS });
  database.prepare(`pragma busy_timeout = ${BUSY_MS}`).get();
  database.prepare('pragma journal_mode = wal').get();
  database.exec('pragma synchronous = full');
  return database;
}

export const isBusy = (error: unknown): boolean =>
  /SQLITE_BUSY|database is locked/.test(
    `${(error as { code?: string }).code} ${(error as Error).message}`,
  );
