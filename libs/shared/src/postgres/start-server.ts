import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterPlace } from './cluster-place';
import { readPostmaster } from './postmaster';
import { complaintIn, PROGRAM_ENVIRONMENT, PROGRAM_FOLDER } from './run-program';
import { serverSettings, type ServerOptions } from './server-settings';
import { startFailed } from './start-failed';

const POLL_MS = 10;
/** Only recovery after a crash takes this long. */
const SLOW_MS = 5_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

export type ServerStart =
  | { kind: 'ready' }
  | { kind: 'port_taken' }
  /** Servers of a killed postmaster still end; a later try will do. */
  | { kind: 'still_ending' }
  | { kind: 'failed'; reason: string };

/**
 * Starts the server as a process of its own: it outlives the command that needed it, hears nothing
 * of that command's terminal, and is ended by stopServer only. Resolves when it takes connections,
 * however long recovery from a crash takes, or has ended.
 */
export async function startServer(
  place: ClusterPlace,
  programs: string,
  options: ServerOptions,
  log: (line: string) => void,
): Promise<ServerStart> {
  keepLogShort(place.logFile);
  const out = openSync(place.logFile, 'a', 0o600);
  const from = fstatSync(out).size;
  const settings = Object.entries(serverSettings(options));
  const child = spawn(
    path.join(programs, 'bin', 'postgres'),
    ['-D', place.dataDir, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...place.account,
      cwd: PROGRAM_FOLDER,
      env: PROGRAM_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', out, out],
    },
  );
  closeSync(out);
  child.unref();
  let ended: Error | true | undefined;
  child.once('error', (error) => (ended = error));
  child.once('exit', () => (ended = true));

  let sayAt = Date.now() + SLOW_MS;
  while (ended === undefined) {
    if (Date.now() > sayAt) {
      log(`the database server is still starting: see ${place.logFile}`);
      sayAt = Infinity;
    }
    const server = readPostmaster(place.dataDir);
    if (server?.pid === child.pid && server?.status === 'ready') return { kind: 'ready' };
    await delay(POLL_MS);
  }
  if (ended !== true) return { kind: 'failed', reason: ended.message };
  return explain(readFileSync(place.logFile).subarray(from).toString());
}

function explain(log: string): ServerStart {
  if (/could not bind .*Address already in use/.test(log)) return { kind: 'port_taken' };
  if (/pre-existing shared memory block/.test(log)) return { kind: 'still_ending' };
  return { kind: 'failed', reason: complaintIn(log) };
}

function keepLogShort(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.old`);
}

export function serverFailed(place: ClusterPlace, reason: string): Error {
  return startFailed(
    `the database server in ${place.dataDir} did not start: ${reason}`,
    `See ${place.logFile}`,
  );
}
