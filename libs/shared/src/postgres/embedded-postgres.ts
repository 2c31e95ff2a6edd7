import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAppError, messageOf } from '../errors';
import { type ClusterPlace, decideCluster, findCluster, lockFileOf } from './cluster-place';
import { HOST } from './ports';
import { findPostmaster, type Postmaster } from './postmaster';
import { removeCluster } from './remove-cluster';
import { serverAnswers } from './server-answers';
import { type ClusterOptions, startCluster } from './start-cluster';
import { startFailed } from './start-failed';
import { withStartLock } from './start-lock';
import { type StopMode, stopServer } from './stop-server';
import { readPassword } from './superuser-password';

/** A server that was killed is still there for a moment. */
const SETTLING_MS = 10_000;

export interface EmbeddedPostgresOptions extends ClusterOptions {
  /** The cluster's folder; its password, port, log and lock lie beside it, named after it. */
  dataDir: string;
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
    // Root's server runs as another account, which has to pass through.
    const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
    mkdirSync(path.dirname(named), { recursive: true, mode });
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
export async function findRunningEmbeddedPostgres(
  dataDir: string,
): Promise<EmbeddedPostgres | undefined> {
  const named = path.resolve(dataDir);
  const place = findCluster(named);
  const running = place && findPostmaster(place.dataDir);
  if (place === undefined || running?.status !== 'ready') return undefined;
  if ((await serverAnswers(running.port)) !== 'ready') return undefined;
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

/**
 * Ends the server and deletes the cluster with all that lies beside it: for databases on trial.
 * Does nothing to a folder that holds anything else.
 */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const named = path.resolve(dataDir);
  if (!existsSync(named)) return;
  await withStartLock(lockFileOf(named), async () => {
    const place = findCluster(named);
    if (place === undefined) return;
    await stopServer(place.dataDir, 'immediate');
    removeCluster(named, place);
  });
}

async function startLocked(
  named: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const place = decideCluster(named, log);
  const running = await settled(place);
  if (running !== undefined) {
    const password = readPassword(place.passwordFile);
    if (password !== undefined) return describe(named, place, running.port, password, true);
    log(`${place.passwordFile} is lost: restarting the database server to set a new password`);
    await stopServer(place.dataDir);
  }
  const { port, password } = await startCluster(place, options);
  return describe(named, place, port, password, false);
}

/** The running server once it is neither starting nor stopping nor being killed. */
async function settled(place: ClusterPlace): Promise<Postmaster | undefined> {
  let until = Date.now() + SETTLING_MS;
  for (;;) {
    const server = findPostmaster(place.dataDir);
    if (server === undefined) return undefined;
    // Its file goes on saying so while it recovers from the crash of one of its processes.
    const ready = server.status === 'ready';
    const answer = ready ? await serverAnswers(server.port) : undefined;
    if (answer === 'ready') return server;
    if (answer === 'not_yet') until = Date.now() + SETTLING_MS;
    if (ready && Date.now() > until) {
      throw startFailed(
        `the database server of ${place.dataDir} (process ${server.pid}) runs and does not answer`,
        `End that process (kill -QUIT ${server.pid}) and start again`,
      );
    }
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
