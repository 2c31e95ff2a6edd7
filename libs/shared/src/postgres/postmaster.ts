import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isAlive, isTaken, worksIn } from './processes';
import { startFailed } from './start-failed';

/** A running server, as the file postmaster.pid in its data directory describes it. */
export interface Postmaster {
  pid: number;
  port: number;
  /** starting, ready, standby or stopping. */
  status: string;
}

/** The server that runs on this data directory. */
export function findPostmaster(dataDir: string): Postmaster | undefined {
  const written = readPostmaster(dataDir);
  return written && isAlive(written.pid) && worksIn(written.pid, dataDir) ? written : undefined;
}

/**
 * Removes a postmaster.pid whose pid names some other program by now, or an ended server that
 * nobody waited for: Postgres would take either for a server. A file whose pid names nothing it
 * sees through itself, and with or without the file it refuses to start beside processes that still
 * hold this data directory's shared memory.
 */
export function removeStaleFile(dataDir: string): void {
  const written = readPostmaster(dataDir);
  if (written === undefined || !isTaken(written.pid)) return;
  if (!isAlive(written.pid) || !worksIn(written.pid, dataDir)) rmSync(fileIn(dataDir));
}

export function readPostmaster(dataDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(fileIn(dataDir), 'utf8').split('\n');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw startFailed(
      `${dataDir} belongs to another user`,
      'Start as the user that made the database',
      error,
    );
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined; // being written just now
  return { pid, port: Number(lines[3]), status: lines[7]?.trim() ?? 'starting' };
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, 'postmaster.pid');
}
